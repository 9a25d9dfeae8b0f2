//! Converts the settings of the contract itself.

use std::path::Path;

use otel_contract_model::{Document, Node, NodeValue, names};

use super::annotation::Annotation;
use super::draft::Draft;
use super::{ImportOptions, Writer};
use crate::weaver::registry::{Group, Registry};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::Map;

/// Returns whether a registry was exported from a contract.
pub(super) fn is_exported(registry: &Registry<'_>) -> bool {
    about(registry).is_some()
}

/// Returns the group in which an exported registry stores the settings of the contract.
fn about<'r, 'a>(registry: &'r Registry<'a>) -> Option<&'r Group<'a>> {
    registry.groups.iter().find(|group| is_about(group))
}

pub(super) fn is_about(group: &Group<'_>) -> bool {
    !group.is_dependency && Annotation(group.common.annotation).has("contract")
}

impl Writer<'_, '_> {
    pub(super) fn head(&mut self, options: &ImportOptions, draft: &mut Draft) {
        let about = about(self.registry);
        let annotation = Annotation(about.and_then(|group| group.common.annotation));
        let head = &mut draft.head;
        let own_name = annotation.text("contract").map(str::to_owned);
        let name = options.name.clone().or(own_name);
        let name = name.or_else(|| self.manifest_name());
        head.put("contract", name.unwrap_or_else(|| self.folder_name()));
        match annotation.text("version") {
            Some(version) => {
                head.put("version", version);
                head.put_some("schema_url", annotation.yaml("schema_url"));
            }
            None => {
                let written = self.manifest("schema_url").map(str::to_owned);
                let version = self.version(written.as_deref());
                let base = self.manifest("schema_base_url");
                let of_base = base.map(|base| format!("{}/{version}", base.trim_end_matches('/')));
                let is_web =
                    |url: &String| url.starts_with("https://") || url.starts_with("http://");
                let url = written.or(of_base).filter(is_web);
                head.put("version", version);
                head.put_some("schema_url", url);
            }
        }
        let exported_brief = about.and_then(|group| group.common.brief);
        let written = exported_brief.or_else(|| self.manifest("description").map(str::trim));
        let brief = written.filter(|text| !text.is_empty()).map(str::to_owned);
        let folder = self
            .folders
            .first()
            .map(|folder| folder.path.display().to_string());
        head.put(
            "brief",
            brief.unwrap_or_else(|| {
                let folder = folder.unwrap_or_default();
                format!("Vocabulary of the registry in {}.", last_part(&folder))
            }),
        );
        annotation.copy(&["owners", "baggage"], head);
        let mut defaults = Map::new();
        defaults.put("privacy", "internal");
        head.put("defaults", defaults);
        annotation.copy(&["budget"], head);
    }

    /// Returns the version in the manifest, which may be incomplete, or the version at the end of the schema URL.
    fn version(&mut self, url: Option<&str>) -> String {
        const NONE: &str = "0.1.0";
        let field = ["semconv_version", "version"];
        let written = field.iter().find_map(|field| self.manifest_node(field));
        let written = written.map(|node| node.shown().to_owned());
        let of_url = url.and_then(|url| url.rsplit('/').next());
        let of_url = of_url.filter(|version| is_version(version));
        let (version, reason) = match (&written, of_url) {
            (Some(written), _) if is_version(written) => return written.clone(),
            (None, Some(of_url)) => return of_url.to_owned(),
            (Some(written), of_url) => {
                let whole = whole(written);
                let version = whole.as_deref().or(of_url).unwrap_or(NONE);
                let reason = format!(
                    "version `{written}` is not SemVer; the contract starts with `{version}`"
                );
                (version.to_owned(), reason)
            }
            (None, None) => {
                let reason = "the registry has no version; the contract starts with `0.1.0`";
                (NONE.to_owned(), reason.to_owned())
            }
        };
        let subject = "the registry";
        self.report.add(Outcome::Changed, subject, None, reason);
        version
    }

    /// Returns the name in the manifest as a module name.
    fn manifest_name(&mut self) -> Option<String> {
        let written = self.manifest("name")?.to_owned();
        let name = module(&written);
        let reason = match &name {
            Some(name) if *name == written => return Some(written),
            Some(name) => {
                format!("`{written}` is not a valid module name; the contract is named `{name}`")
            }
            None => {
                format!(
                    "`{written}` is not a valid module name; the contract is named after the folder"
                )
            }
        };
        self.report
            .add(Outcome::Changed, "the registry", None, reason);
        name
    }

    fn manifest(&self, field: &str) -> Option<&str> {
        self.manifest_node(field).and_then(Node::text)
    }

    fn manifest_node(&self, field: &str) -> Option<&Node> {
        let manifest: &Document = self.folders.first()?.manifest.as_ref()?;
        let node = manifest.root().get(field)?;
        (!matches!(node.value, NodeValue::Null)).then_some(node)
    }

    /// Returns the name of the folder as a module name.
    fn folder_name(&self) -> String {
        const NAME: &str = "registry";
        let path = self.folders.first().map(|folder| folder.path.as_path());
        let canonical = path.and_then(|path| std::fs::canonicalize(path).ok());
        let folder = canonical.as_deref().and_then(Path::file_name);
        let folder = folder.and_then(|name| name.to_str()).unwrap_or(NAME);
        module(folder).unwrap_or_else(|| NAME.to_owned())
    }
}

/// Converts a name to a module name.
fn module(name: &str) -> Option<String> {
    let snake = names::rust_name(name)?.snake;
    (!snake.starts_with("r#") && !snake.ends_with('_')).then_some(snake)
}

/// Completes a version: `v1.4` becomes `1.4.0`.
fn whole(version: &str) -> Option<String> {
    let version = version.trim().trim_start_matches(['v', 'V']);
    let dots = version.split(['-', '+']).next()?.matches('.').count();
    let whole = match dots {
        0 => format!("{version}.0.0"),
        1 => format!("{version}.0"),
        _ => version.to_owned(),
    };
    is_version(&whole).then_some(whole)
}

fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns whether a text looks like a SemVer version. The contract checks validate the version later.
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| {
        let plain = part.len() == 1 || !part.starts_with('0');
        plain && !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())
    };
    numbers.len() == 3 && numbers.iter().all(is_number)
}
