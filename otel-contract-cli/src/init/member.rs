//! Adds a member to the workspace's `Cargo.toml` without reformatting it.

use crate::paths;
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

/// Returns the manifest with a folder added to its members. Returns `None` if the folder is already a member, or is
/// outside of the workspace.
pub(super) fn added(
    manifest: &DocumentMut,
    root: &Path,
    folder: &Path,
) -> Result<Option<String>, String> {
    let Ok(below) = folder.strip_prefix(root) else {
        return Ok(None);
    };
    let member = paths::shown(below);
    let mut manifest = manifest.clone();
    let workspace = manifest
        .entry("workspace")
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(workspace) = workspace.as_table_like_mut() else {
        return Err("`workspace` in `Cargo.toml` is not a table".to_owned());
    };
    let members = workspace
        .entry("members")
        .or_insert_with(|| value(Array::new()));
    let Some(members) = members.as_array_mut() else {
        return Err("`workspace.members` in `Cargo.toml` is not a list".to_owned());
    };
    let patterns = members.iter().filter_map(Value::as_str);
    if patterns
        .into_iter()
        .any(|pattern| matches(pattern, &member))
    {
        return Ok(None);
    }
    push(members, &member);
    Ok(Some(manifest.to_string()))
}

/// Returns whether members can inherit `otel-contract` from the workspace.
pub(super) fn has_dependency(manifest: &DocumentMut) -> bool {
    let dependencies = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"));
    dependencies.is_some_and(|table| table.get("otel-contract").is_some())
}

/// Appends an item in the style of the last item.
fn push(members: &mut Array, member: &str) {
    let text = |raw: Option<&toml_edit::RawString>| {
        raw.and_then(|raw| raw.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let last = members.iter().last();
    let indent = last.map_or_else(String::new, |last| text(last.decor().prefix()));
    let Some(line) = indent.rfind('\n') else {
        members.push(member);
        return;
    };
    // A comment on the line of the last item stays there.
    let mut after = text(Some(members.trailing()));
    if !members.trailing_comma()
        && let Some(last) = members.iter_mut().last()
    {
        after = text(last.decor().suffix());
        last.decor_mut().set_suffix("");
    }
    let mut item = Value::from(member);
    let prefix = format!("{}{}", after.trim_end(), &indent[line..]);
    item.decor_mut().set_prefix(prefix);
    members.push_formatted(item);
    members.set_trailing_comma(true);
    members.set_trailing("\n");
}

/// Returns whether a pattern of `members`, such as `crates/*`, matches a path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (
        pattern.trim_end_matches('/').split('/').collect(),
        path.split('/').collect(),
    );
    let pairs = pattern.iter().zip(&path);
    pattern.len() == path.len()
        && pairs
            .into_iter()
            .all(|(pattern, part)| is_like(pattern, part))
}

/// Returns whether a pattern with `*` matches one component of a path.
fn is_like(pattern: &str, part: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == part;
    };
    let Some(rest) = part.strip_prefix(before) else {
        return false;
    };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| is_like(after, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(manifest: &str, folder: &str) -> Option<String> {
        let manifest = manifest.parse().expect("a manifest");
        let root = Path::new("/work");
        added(&manifest, root, &root.join(folder)).expect("members")
    }

    #[test]
    fn a_new_member_is_appended_and_comments_are_kept() {
        let manifest = "# Ours.\n[workspace]\nmembers = [\n    \"api\", # the front\n    # the back\n    \"jobs\",\n]\n";
        let added = with(manifest, "shop-telemetry").expect("a change");
        assert_eq!(
            added,
            "# Ours.\n[workspace]\nmembers = [\n    \"api\", # the front\n    # the back\n    \"jobs\",\n    \"shop-telemetry\",\n]\n"
        );
        assert_eq!(
            with("[workspace]\nmembers = [\"api\"]\n", "t").as_deref(),
            Some("[workspace]\nmembers = [\"api\", \"t\"]\n")
        );
    }

    #[test]
    fn a_comment_after_the_last_member_stays_on_its_line() {
        for comma in [",", ""] {
            let manifest = format!("[workspace]\nmembers = [\n  \"api\"{comma} # the front\n]\n");
            assert_eq!(
                with(&manifest, "t").as_deref(),
                Some("[workspace]\nmembers = [\n  \"api\", # the front\n  \"t\",\n]\n"),
                "{comma}"
            );
        }
    }

    #[test]
    fn a_package_becomes_a_workspace() {
        let manifest = "[package]\nname = \"api\"\n";
        assert_eq!(
            with(manifest, "shop-telemetry").as_deref(),
            Some("[package]\nname = \"api\"\n\n[workspace]\nmembers = [\"shop-telemetry\"]\n")
        );
    }

    #[test]
    fn a_path_matched_by_a_pattern_is_already_a_member() {
        assert_eq!(
            with("[workspace]\nmembers = [\"crates/*\"]\n", "crates/t"),
            None
        );
        assert_eq!(
            with("[workspace]\nmembers = [\"*-telemetry\"]\n", "a-telemetry"),
            None
        );
        assert!(with("[workspace]\nmembers = [\"crates/*\"]\n", "crates/a/t").is_some());
    }
}
