//! Finds contracts: named files, the files of a folder, or the files of the workspace.

use crate::paths;
use otel_contract_model::Source;
use otel_contract_yaml::compile;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Files and folders to read.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Selection {
    /// Files, or folders to search; the whole workspace by default
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// File or folder to exclude from the search; `[workspace.metadata.otel-contract] exclude` in
    /// `Cargo.toml` excludes permanently
    #[arg(long, value_name = "PATH")]
    pub(crate) exclude: Vec<PathBuf>,
}

/// A discovered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Path for opening the file and for messages.
    pub(crate) path: PathBuf,
    /// Whether the user named the file. If not, a search found it.
    pub(crate) named: bool,
}

/// Maximum size of a searched file; the model rejects larger files.
const MAX_SIZE: u64 = 4 * 1024 * 1024;

/// Returns the contracts of a selection. For a named file that is not a contract, returns the contracts of the
/// workspace that include the file. So users can check only the changed files.
pub(crate) fn contracts(selection: &Selection) -> Result<Vec<Found>, String> {
    let mut found = files(selection, is_contract)?;
    if let Some(odd) = found.iter().find(|file| file.path.to_str().is_none()) {
        return Err(format!(
            "the name of `{}` is not UTF-8\nhelp: rename the file: `contract!` cannot name it either",
            paths::shown(&odd.path)
        ));
    }
    let is_part = |file: &Found| file.named && file.path.is_file() && !is_contract(&file.path);
    if found.iter().any(is_part) {
        let including = contracts_by_included_file()?;
        let mut all = Vec::new();
        for file in found {
            let roots = including.get(&identity(&file.path));
            match roots {
                Some(roots) if is_part(&file) => all.extend(roots.iter().cloned()),
                _ => all.push(file),
            }
        }
        let mut seen = HashSet::new();
        all.retain(|file| seen.insert(identity(&file.path)));
        found = all;
    }
    if found.is_empty() {
        let place = match selection.paths.as_slice() {
            [] => "the workspace".to_owned(),
            paths => {
                let names: Vec<String> = paths
                    .iter()
                    .map(|path| format!("`{}`", paths::shown(path)))
                    .collect();
                names.join(", ")
            }
        };
        return Err(format!(
            "no contract found in {place}\nhelp: a contract is a YAML file with `contract:` at its top level; \
             `cargo otel-contract init` creates one"
        ));
    }
    Ok(found)
}

/// Returns the contracts of the workspace, or none if the search fails.
pub(crate) fn workspace_contracts() -> Vec<Found> {
    files(&Selection::default(), is_contract).unwrap_or_default()
}

/// Returns the contracts of the workspace by included file.
fn contracts_by_included_file() -> Result<HashMap<PathBuf, Vec<Found>>, String> {
    let mut including: HashMap<PathBuf, Vec<Found>> = HashMap::new();
    for root in files(&Selection::default(), is_contract)? {
        let compiled = compile(&Source::file("", &paths::shown(&root.path)));
        for file in compiled.files.iter().skip(1) {
            including
                .entry(identity(file))
                .or_default()
                .push(root.clone());
        }
    }
    Ok(including)
}

/// Returns the named files of a selection, and the files in its folders that match `filter`.
pub(crate) fn files(
    selection: &Selection,
    filter: fn(&Path) -> bool,
) -> Result<Vec<Found>, String> {
    let here = std::env::current_dir()
        .map_err(|error| format!("the current directory cannot be read: {error}"))?;
    let mut search = Search {
        filter,
        excluded: excluded(selection, &here)?,
        found: Vec::new(),
    };
    if selection.paths.is_empty() {
        search.folder(&workspace(&here))?;
        for found in &mut search.found {
            found.path = paths::relative(&found.path, &here);
        }
    }
    for path in &selection.paths {
        let path = paths::tidy(path);
        if path.is_dir() {
            search.folder(&path)?;
        } else {
            search.found.push(Found { path, named: true });
        }
    }
    let mut seen = HashSet::new();
    let mut found = search.found;
    found.retain(|file| seen.insert(identity(&file.path)));
    Ok(found)
}

/// Returns the canonical path of a file, to compare files.
pub(crate) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns the root of the workspace that contains a folder. This is the nearest parent whose `Cargo.toml` has
/// `[workspace]` or cannot be parsed. Otherwise it is the nearest parent with a `Cargo.toml`, or else the folder
/// itself. The search ends at the root of the repository.
pub(crate) fn workspace(here: &Path) -> PathBuf {
    let mut nearest = None;
    for folder in here.ancestors() {
        if folder.join("Cargo.toml").is_file() {
            if manifest(folder).is_none_or(|manifest| manifest.contains_key("workspace")) {
                return folder.to_owned();
            }
            nearest = nearest.or(Some(folder));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    nearest.unwrap_or(here).to_owned()
}

/// Returns the parsed `Cargo.toml` of a folder, if there is one.
pub(crate) fn manifest(folder: &Path) -> Option<toml_edit::DocumentMut> {
    let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    text.parse().ok()
}

/// Returns the table `[workspace.metadata.otel-contract]` of a manifest.
pub(crate) fn metadata(manifest: &toml_edit::DocumentMut) -> Option<&dyn toml_edit::TableLike> {
    let metadata = manifest.get("workspace")?.get("metadata")?;
    metadata.get("otel-contract")?.as_table_like()
}

/// Returns the paths that the command line and the `Cargo.toml` of the workspace exclude.
fn excluded(selection: &Selection, here: &Path) -> Result<HashSet<PathBuf>, String> {
    let mut excluded: HashSet<PathBuf> = HashSet::new();
    for path in &selection.exclude {
        let known = path
            .canonicalize()
            .map_err(|error| format!("`--exclude {}`: {error}", paths::shown(path)))?;
        excluded.insert(known);
    }
    let root = workspace(here);
    let manifest = manifest(&root);
    let metadata = manifest.as_ref().and_then(metadata);
    let paths = metadata.and_then(|table| table.get("exclude")?.as_array());
    let existing = |path: &toml_edit::Value| root.join(path.as_str()?).canonicalize().ok();
    excluded.extend(paths.into_iter().flatten().filter_map(existing));
    Ok(excluded)
}

struct Search {
    filter: fn(&Path) -> bool,
    excluded: HashSet<PathBuf>,
    found: Vec<Found>,
}

impl Search {
    /// Searches a folder recursively, in the order of names. Skips hidden folders, `target`, `node_modules` and links to
    /// folders.
    fn folder(&mut self, folder: &Path) -> Result<(), String> {
        if self.is_excluded(folder) {
            return Ok(());
        }
        let shown = || paths::shown(folder);
        let entries = fs::read_dir(folder)
            .map_err(|error| format!("the folder `{}` cannot be read: {error}", shown()))?;
        let mut entries: Vec<fs::DirEntry> = entries
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the folder `{}` cannot be read: {error}", shown()))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = paths::tidy(&folder.join(entry.file_name()));
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if kind.is_dir()
                && !name.starts_with('.')
                && !matches!(&*name, "target" | "node_modules")
            {
                self.folder(&path)?;
            } else if !kind.is_dir()
                && path.is_file()
                && (self.filter)(&path)
                && !self.is_excluded(&path)
            {
                self.found.push(Found { path, named: false });
            }
        }
        Ok(())
    }

    fn is_excluded(&self, path: &Path) -> bool {
        !self.excluded.is_empty() && self.excluded.contains(&identity(path))
    }
}

/// Returns whether a file is the root of a contract: YAML with `contract:` at its top level.
pub(crate) fn is_contract(path: &Path) -> bool {
    let yaml = path
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    if !yaml {
        return false;
    }
    let Ok(file) = fs::File::open(path) else {
        return false;
    };
    let mut lines = BufReader::new(file.take(MAX_SIZE)).split(b'\n');
    lines.any(|line| line.is_ok_and(|line| begins_contract(&line)))
}

fn begins_contract(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let keys: [&[u8]; 3] = [b"contract", b"\"contract\"", b"'contract'"];
    let rest = keys.iter().find_map(|key| line.strip_prefix(*key));
    let rest = rest.map(<[u8]>::trim_ascii_start);
    rest.is_some_and(|rest| match rest {
        [b':'] => true,
        [b':', after, ..] => after.is_ascii_whitespace(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::begins_contract;

    #[test]
    fn a_contract_has_its_keyword_at_the_top_level() {
        for line in [
            "contract: billing",
            "\u{feff}contract: a",
            "'contract' : a",
            "contract:",
        ] {
            assert!(begins_contract(line.as_bytes()), "{line}");
        }
        for line in [
            "  contract: billing",
            "contracts: a",
            "# contract: a",
            "contract:a",
        ] {
            assert!(!begins_contract(line.as_bytes()), "{line}");
        }
    }
}
