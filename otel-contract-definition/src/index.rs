//! The index of all names of a contract, for suggestions in messages.
//!
//! The index is read only after an error, so that definitions stay small.

/// The index of all names of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The name and version of the contract: `` `billing` 1.2.0 ``.
    pub contract: String,
    /// The location of `contract:` in the root file.
    pub at: String,
    /// Whether parts of the contract could not be read.
    pub incomplete: bool,
    /// The Rust types and names of the operations.
    pub operations: Vec<(String, String)>,
    /// The Rust types and names of the groups.
    pub groups: Vec<(String, String)>,
    /// The attributes.
    pub attributes: Vec<IndexedAttribute>,
    /// The error classes.
    pub errors: Vec<IndexedError>,
}

/// An error class of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedError {
    /// The name in the contract: `gateway_timeout`.
    pub name: String,
    /// The Rust name in `snake_case`.
    pub snake: String,
    /// The variant: `GatewayTimeout`.
    pub camel: String,
    /// Whether the error class is deprecated.
    pub deprecated: bool,
}

/// An attribute of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedAttribute {
    /// The name in the contract: `order.id`.
    pub key: String,
    /// The Rust type: `OrderId`.
    pub camel: String,
    /// The location: file, line and column.
    pub at: String,
    /// Names that users might write instead of the key.
    pub instead_of: Vec<String>,
    /// Whether the attribute is secret. Secret attributes are never recorded.
    pub secret: bool,
}

crate::wire::wire!(Index {
    contract,
    at,
    incomplete,
    operations,
    groups,
    attributes,
    errors
});
crate::wire::wire!(IndexedError {
    name,
    snake,
    camel,
    deprecated
});
crate::wire::wire!(IndexedAttribute {
    key,
    camel,
    at,
    instead_of,
    secret
});
