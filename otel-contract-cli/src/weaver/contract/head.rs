//! What a contract says of itself.

use std::path::Path;

use otel_contract_model::{Document, Node, names};

use super::draft::Draft;
use super::ours::Ours;
use super::{ImportOptions, Writer};
use crate::weaver::registry::{Group, Registry};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::Map;

/// Whether a registry was exported from a contract.
pub(super) fn is_ours(registry: &Registry<'_>) -> bool {
    about(registry).is_some()
}

/// The group in which an exported contract says what it is.
fn about<'r, 'a>(registry: &'r Registry<'a>) -> Option<&'r Group<'a>> {
    registry.groups.iter().find(|group| is_about(group))
}

pub(super) fn is_about(group: &Group<'_>) -> bool {
    !group.is_dependency && Ours(group.common.ours).has("contract")
}

impl Writer<'_, '_> {
    pub(super) fn head(&mut self, options: &ImportOptions, draft: &mut Draft) {
        let about = about(self.registry);
        let ours = Ours(about.and_then(|group| group.common.ours));
        let head = &mut draft.head;
        let own_name = ours.text("contract").map(str::to_owned);
        let name = options.name.clone().or(own_name);
        head.put("contract", name.unwrap_or_else(|| self.folder_name()));
        let url = self.manifest("schema_url").map(str::to_owned);
        let url = url.as_deref();
        match ours.text("version") {
            Some(version) => {
                head.put("version", version);
                head.put_some("schema_url", ours.yaml("schema_url"));
            }
            None => {
                let of_url = url.and_then(|url| url.rsplit('/').next());
                let version = of_url.filter(|version| is_version(version));
                if version.is_none() {
                    let reason = "the registry says no version: the contract begins with `0.1.0`";
                    self.report
                        .add(Outcome::Changed, "the registry", None, reason);
                }
                head.put("version", version.unwrap_or("0.1.0"));
                let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
                head.put_some("schema_url", url.filter(is_web));
            }
        }
        let brief = about.and_then(|group| group.common.brief);
        let brief = brief.map(str::to_owned);
        let folder = self
            .folders
            .first()
            .map(|folder| folder.path.display().to_string());
        head.put(
            "brief",
            brief.unwrap_or_else(|| {
                let folder = folder.unwrap_or_default();
                format!("Words of the registry in {}.", last_part(&folder))
            }),
        );
        ours.copy(&["owners", "baggage"], head);
        let mut defaults = Map::new();
        defaults.put("privacy", "internal");
        head.put("defaults", defaults);
        ours.copy(&["budget"], head);
    }

    fn manifest(&self, field: &str) -> Option<&str> {
        let manifest: &Document = self.folders.first()?.manifest.as_ref()?;
        manifest.root().get(field).and_then(Node::text)
    }

    /// The name of the folder as a module could be called.
    fn folder_name(&self) -> String {
        const NAME: &str = "registry";
        let path = self.folders.first().map(|folder| folder.path.as_path());
        let canonical = path.and_then(|path| std::fs::canonicalize(path).ok());
        let folder = canonical.as_deref().and_then(Path::file_name);
        let folder = folder.and_then(|name| name.to_str()).unwrap_or(NAME);
        match names::rust_name(folder) {
            Some(rust) if !rust.snake.starts_with("r#") && !rust.snake.ends_with('_') => rust.snake,
            _ => NAME.to_owned(),
        }
    }
}

fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a text is a version as semver.org has it, near enough: the contract is held to it exactly.
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| {
        let plain = part.len() == 1 || !part.starts_with('0');
        plain && !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())
    };
    numbers.len() == 3 && numbers.iter().all(is_number)
}
