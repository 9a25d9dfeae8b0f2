//! OpenTelemetry Weaver registries, converted to a contract and back.
//!
//! Import: `folder` → `read` → `registry` (one structure for both file formats, `groups:` and `definition/2`; references
//! as written) → `resolve` (all references followed) → `contract` (a draft, checked as a contract). Export is a single
//! step.
//! Classes of the contract are stored under `annotations.otel_contract`. The [`Report`] lists everything that could not
//! be converted.

pub mod codes;
mod contract;
mod export;
mod folder;
mod read;
mod registry;
mod report;
mod resolve;
mod yaml;

use std::path::Path;

use otel_contract_model::{Diagnostic, Diagnostics};

pub(crate) use contract::snake;
pub use contract::{ImportError, ImportOptions, Imported, import};
pub use export::{Exported, export};
pub(crate) use registry::{Attribute, Kind as AttributeKind, Member};
pub use report::{Item, Outcome, Report};

/// Calls a function with the attributes that a registry itself defines.
pub(crate) fn with_attributes<T>(
    folder: &Path,
    use_them: impl FnOnce(&[Attribute<'_>]) -> T,
) -> Result<T, String> {
    let mut errors = Vec::new();
    let folders = folder::read(folder, &mut errors).map_err(|why| why.to_string())?;
    let mut registry = read::registry(&folders, &mut errors);
    if !errors.is_empty() {
        return Err(sorted(errors).to_string());
    }
    registry
        .attributes
        .retain(|attribute| !attribute.is_dependency);
    Ok(use_them(&registry.attributes))
}

/// Sorts errors by file and position.
fn sorted(mut errors: Vec<Diagnostic>) -> Diagnostics {
    errors.sort_by(|a, b| a.location.cmp(&b.location));
    errors.into_iter().collect()
}
