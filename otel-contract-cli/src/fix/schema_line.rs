//! Adds the schema line for editors.

use super::changes::Changes;
use super::edits::Edit;
use crate::json_schema;
use crate::paths;
use crate::text::Text;
use otel_contract_model::{Compiled, SourceFile};
use std::path::{Path, PathBuf};

/// Name of the schema file that `init` and `--fix` write.
pub(crate) const FILE: &str = "otel-contract.schema.json";

/// Adds the line at the top of a file. The line points to the nearest schema in a parent folder. If there is no schema,
/// a schema is written next to the contract.
pub(super) fn edit(
    source: &SourceFile,
    compiled: &Compiled,
    text: &Text,
    changes: &mut Changes,
) -> Option<Edit> {
    let file = source.path.canonicalize().ok()?;
    let folder = file.parent()?;
    let schema = match nearest(folder) {
        Some(schema) => schema,
        None => {
            let root = compiled.sources.first()?.path.canonicalize().ok()?;
            let schema = root.parent()?.join(FILE);
            changes.create(&schema, json_schema::text());
            schema
        }
    };
    let path = paths::shown(&paths::relative(&schema, folder));
    let line_ending = if text.as_str().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    Some(Edit {
        range: 0..0,
        text: format!("# yaml-language-server: $schema={path}{line_ending}"),
    })
}

/// Returns the nearest schema in a parent folder or its `schema` folder, inside the repository.
fn nearest(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let candidates = [folder.join(FILE), folder.join("schema").join(FILE)];
        if let Some(found) = candidates.into_iter().find(|path| path.is_file()) {
            return Some(found);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}
