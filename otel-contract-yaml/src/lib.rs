//! Reads otel-contract files: the one crate that knows the scanner of YAML.
//!
//! What a contract is, and what may be wrong with one, is in [`otel_contract_model`], which takes the scanner as
//! a function. So the model, most of the work, is built while the compiler still waits for what the scanner needs.
//!
//! ```
//! use otel_contract_model::Source;
//!
//! let text = "contract: shop\nversion: 1.0.0\nbrief: Words.";
//! let compiled = otel_contract_yaml::compile(&Source::text("", "shop.yaml", text));
//! assert!(compiled.diagnostics.is_empty());
//! ```

mod scan;
mod syntax;

pub use scan::scan;

use otel_contract_model::{Compiled, Diagnostics, Document, Source};

/// Reads a contract with the files it includes and checks it: [`otel_contract_model::compile`] with our scanner.
#[must_use]
pub fn compile(source: &Source) -> Compiled {
    otel_contract_model::compile(source, scan)
}

/// Reads a file of another format: [`Document::read`] with our scanner.
///
/// ```
/// use otel_contract_model::Source;
/// use otel_contract_yaml::document;
///
/// let read = document(&Source::text("", "a.yaml", "key: [1, two]")).unwrap();
/// assert!(read.root().get("key").is_some());
/// assert!(document(&Source::text("", "a.yaml", "key: [1")).is_err());
/// ```
pub fn document(source: &Source) -> Result<Document, Diagnostics> {
    Document::read(source, scan)
}
