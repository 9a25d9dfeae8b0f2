//! Reads otel-contract files with the YAML scanner `saphyr-parser`. No other crate depends on the scanner.
//!
//! The format and its errors are in [`otel_contract_model`], which takes the scanner as a function. So cargo builds
//! the model in parallel with the scanner's dependencies.
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

/// Reads and checks a contract and its included files: [`otel_contract_model::compile`] with this scanner.
#[must_use]
pub fn compile(source: &Source) -> Compiled {
    otel_contract_model::compile(source, scan)
}

/// Reads a file of another format: [`Document::read`] with this scanner.
///
/// ```
/// use otel_contract_model::Source;
/// use otel_contract_yaml::document;
///
/// let read = document(&Source::text("", "a.yaml", "key: [1, two]")).expect("valid YAML");
/// assert!(read.root().get("key").is_some());
/// assert!(document(&Source::text("", "a.yaml", "key: [1")).is_err());
/// ```
pub fn document(source: &Source) -> Result<Document, Diagnostics> {
    Document::read(source, scan)
}
