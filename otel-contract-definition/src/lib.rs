//! Definitions that the macros of otel-contract exchange, and their text format.
//!
//! `contract!` reads the YAML. The other macros expand later, often in other crates, without the YAML. They need the
//! [`Definition`] of an operation, a group or an attribute, or the [`Index`] of all names. Each definition is encoded
//! ([`Wire`]) as one string literal in a `macro_rules!` arm, so that it is a single token.
//!
//! ```
//! use otel_contract_definition::{IndexedError, Wire as _};
//!
//! let class = IndexedError {
//!     name: "timeout".to_owned(),
//!     snake: "timeout".to_owned(),
//!     camel: "Timeout".to_owned(),
//!     deprecated: false,
//! };
//! assert_eq!(class.encode(), "7:timeout7:timeout7:Timeout0:");
//! assert_eq!(IndexedError::decode(&class.encode()), Some(class));
//! ```

mod definition;
pub mod editor;
mod index;
pub mod items;
pub mod names;
mod wire;

pub use definition::{AttributeDefinition, Definition, GroupDefinition, Level, Values};
pub use index::{Index, IndexedAttribute, IndexedError};
pub use wire::Wire;
