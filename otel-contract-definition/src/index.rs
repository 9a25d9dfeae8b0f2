//! Everything a contract names, for messages about what is not where it was looked for.
//!
//! It is read only when something is wrong, so an operation's definition stays small.

/// Every name of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// `` `billing` 1.2.0 ``.
    pub contract: String,
    /// The root file.
    pub at: String,
    /// Something of the contract could not be read.
    pub incomplete: bool,
    /// Rust type and name of each operation.
    pub operations: Vec<(String, String)>,
    /// Rust type and name of each group.
    pub groups: Vec<(String, String)>,
    /// Each attribute.
    pub attributes: Vec<Indexed>,
    /// Each error class.
    pub errors: Vec<IndexedError>,
}

/// An error class of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedError {
    /// Name in the contract: `gateway_timeout`.
    pub name: String,
    /// Rust name in lower case.
    pub snake: String,
    /// Variant: `GatewayTimeout`.
    pub camel: String,
    /// Whether the contract calls it deprecated.
    pub deprecated: bool,
}

/// An attribute of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Name in the contract: `order.id`.
    pub key: String,
    /// Type: `OrderId`.
    pub camel: String,
    /// File, line and column.
    pub at: String,
    /// Keys it is written in place of.
    pub instead_of: Vec<String>,
    /// Whether it is never recorded.
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
crate::wire::wire!(Indexed {
    key,
    camel,
    at,
    instead_of,
    secret
});
