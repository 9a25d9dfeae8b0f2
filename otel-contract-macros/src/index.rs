//! Everything a contract names, for messages about what is not where it was looked for.
//!
//! It is read only when something is wrong, so an operation's definition stays small.

use otel_contract_model::{Contract, Domain};

/// Every name of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    /// `` `billing` 1.2.0 ``.
    pub(crate) contract: String,
    /// The root file.
    pub(crate) at: String,
    /// Something of the contract could not be read.
    pub(crate) incomplete: bool,
    /// Rust type and name of each operation.
    pub(crate) operations: Vec<(String, String)>,
    /// Rust type and name of each group.
    pub(crate) groups: Vec<(String, String)>,
    /// Each attribute.
    pub(crate) attributes: Vec<Indexed>,
    /// Each error class.
    pub(crate) errors: Vec<IndexedError>,
}

/// An error class of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexedError {
    pub(crate) name: String,
    pub(crate) snake: String,
    pub(crate) camel: String,
}

/// An attribute of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indexed {
    pub(crate) key: String,
    pub(crate) camel: String,
    pub(crate) at: String,
    pub(crate) instead_of: Vec<String>,
    pub(crate) secret: bool,
}

impl Index {
    pub(crate) fn of(contract: &Contract) -> Self {
        let attributes = contract.attributes.iter().map(|one| Indexed {
            key: one.key.clone(),
            camel: one.rust.camel.clone(),
            at: one.at.to_string(),
            instead_of: one.instead_of.clone(),
            secret: one.domain == Domain::Secret,
        });
        let errors = contract.errors.iter().map(|one| IndexedError {
            name: one.name.clone(),
            snake: one.rust.snake.clone(),
            camel: one.rust.camel.clone(),
        });
        let operations = contract.operations.iter();
        let groups = contract.groups.iter();
        Self {
            contract: crate::definition::contract_name(contract),
            at: contract.at.to_string(),
            incomplete: contract.incomplete,
            operations: operations
                .map(|one| (one.rust.camel.clone(), one.name.clone()))
                .collect(),
            groups: groups
                .map(|one| (one.rust.camel.clone(), one.name.clone()))
                .collect(),
            attributes: attributes.collect(),
            errors: errors.collect(),
        }
    }
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
crate::wire::wire!(IndexedError { name, snake, camel });
crate::wire::wire!(Indexed {
    key,
    camel,
    at,
    instead_of,
    secret
});
