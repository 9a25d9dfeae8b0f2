//! What the macros of otel-contract know of a contract, and how it travels to them.
//!
//! `contract!` reads the YAML; the other macros expand later, in other crates, without it. What they need is a
//! [`Definition`] of an operation, a group or an attribute, or the [`Index`] of all names. Each travels as one
//! string literal ([`Wire`]) inside a `macro_rules!` arm: one token to carry and one to parse.
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
mod index;
pub mod items;
pub mod names;
mod wire;

pub use definition::{AttributeDefinition, Definition, GroupDefinition, Level, Values};
pub use index::{Index, Indexed, IndexedError};
pub use wire::Wire;
