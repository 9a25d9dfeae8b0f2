//! Reads and checks otel-contract files. The result is a resolved [`Contract`], or all errors of all files.
//!
//! ```no_run
//! use otel_contract_model::Source;
//! use otel_contract_yaml::compile; // `otel_contract_model::compile` with a scanner of YAML
//!
//! let compiled = compile(&Source::file(".", "schema/billing.yaml"));
//! if !compiled.diagnostics.is_empty() {
//!     eprint!("{}", compiled.diagnostics);
//! }
//! ```

mod check;
pub mod codes;
mod contract;
pub mod definitions;
mod diagnostics;
mod document;
mod files;
mod lints;
pub mod names;
mod parse;
mod read;
mod resolve;
pub mod scan;
#[cfg(feature = "schema")]
mod schema;
mod section;
pub mod semconv;
pub mod series;
mod source;
mod spec;
pub mod text;
mod units;
mod yaml;

use std::path::PathBuf;

pub use codes::Code;
pub use contract::*;
pub use diagnostics::comment::{Comment, comment};
pub use diagnostics::{Diagnostic, Diagnostics, Related, Replacement};
pub use document::Document;
pub use files::SourceFile;
pub use lints::LINTS;
pub use source::Source;
#[cfg(feature = "schema")]
pub use spec::{json_schema, reference};
pub use yaml::{Node, Value as NodeValue};

use diagnostics::DiagContext;
use files::Sources;
use scan::Scan;

/// The result of compiling a contract.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The contract. Incomplete after errors. `None` if the root file could not be read.
    pub contract: Option<Contract>,
    /// All errors of all files, by file and position.
    pub diagnostics: Diagnostics,
    /// The paths of all files, including invalid and missing files. A build watches these paths.
    pub files: Vec<PathBuf>,
    /// All files with their texts, the root first.
    pub sources: Vec<SourceFile>,
}

/// Reads and checks a contract and its included files: source → parse → `Spec` (as written) → resolve → [`Contract`]
/// → check. The scanner parses YAML.
#[must_use]
pub fn compile(source: &Source, scan: Scan) -> Compiled {
    let mut sources = Sources::default();
    let mut diagnostics = DiagContext::default();
    let contract = parse::spec(source, scan, &mut sources, &mut diagnostics).map(|spec| {
        let mut resolved = resolve::contract(&spec, &sources, &mut diagnostics);
        check::contract(&spec, &resolved, &mut diagnostics);
        resolved.contract.incomplete &= !diagnostics.is_empty();
        resolved.contract
    });
    let diagnostics = diagnostics.finish(&sources);
    let sources = sources.into_files();
    Compiled {
        contract,
        diagnostics,
        files: sources.iter().map(|file| file.path.clone()).collect(),
        sources,
    }
}
