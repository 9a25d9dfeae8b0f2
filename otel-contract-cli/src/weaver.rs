//! Weaver registries: OpenTelemetry's own form of a vocabulary, to a contract and back.
//!
//! Import: folders → `read` → [`registry`](self) (as written, of both formats) → `resolve` (every
//! reference followed) → `contract` (a draft, held to the contract's own checks). Export is one step.
//! Our classes travel under `annotations.otel_contract`. What cannot be carried is in the [`Report`].

pub mod codes;
mod contract;
mod folder;
mod read;
mod registry;
mod report;
mod resolve;
mod yaml;

use otel_contract_model::{Diagnostic, Diagnostics};

pub use contract::{ImportError, ImportOptions, Imported, import};
pub use report::{Item, Outcome, Report};

/// Faults by file and place.
fn sorted(mut faults: Vec<Diagnostic>) -> Diagnostics {
    faults.sort_by(|a, b| a.location.cmp(&b.location));
    faults.into_iter().collect()
}
