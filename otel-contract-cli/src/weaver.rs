//! Weaver registries: OpenTelemetry's own form of a vocabulary, to a contract and back.
//!
//! Import: `folder` → `read` → `registry` (as written, of both formats) → `resolve` (every reference
//! followed) → `contract` (a draft, held to the contract's own checks). Export is one step.
//! Our classes travel under `annotations.otel_contract`. What cannot be carried is in the [`Report`].

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

pub use contract::{ImportError, ImportOptions, Imported, import};
pub(crate) use contract::{snake, type_word};
pub use export::{Exported, export};
pub(crate) use registry::{Attribute, Kind as AttributeKind, Member};
pub use report::{Item, Outcome, Report};

/// Hands the attributes a registry itself defines to a function.
pub(crate) fn with_attributes<T>(
    folder: &Path,
    use_them: impl FnOnce(&[Attribute<'_>]) -> T,
) -> Result<T, String> {
    let mut faults = Vec::new();
    let folders = folder::read(folder, &mut faults).map_err(|why| why.to_string())?;
    let mut registry = read::registry(&folders, &mut faults);
    if !faults.is_empty() {
        return Err(sorted(faults).to_string());
    }
    registry
        .attributes
        .retain(|attribute| !attribute.is_dependency);
    Ok(use_them(&registry.attributes))
}

/// Faults by file and place.
fn sorted(mut faults: Vec<Diagnostic>) -> Diagnostics {
    faults.sort_by(|a, b| a.location.cmp(&b.location));
    faults.into_iter().collect()
}
