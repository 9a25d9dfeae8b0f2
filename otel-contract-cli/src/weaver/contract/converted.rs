//! The attributes that are already in the contract.

use std::collections::HashMap;

/// Converted attributes by key.
#[derive(Debug, Default)]
pub(super) struct Converted {
    attributes: HashMap<String, Properties>,
}

/// Properties of an attribute that matter to entries that use it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Properties {
    /// Number of values; `None` for unbounded.
    pub(super) values: Option<u64>,
    pub(super) is_personal: bool,
    pub(super) is_secret: bool,
}

impl Converted {
    pub(super) fn get(&self, key: &str) -> Option<Properties> {
        self.attributes.get(key).copied()
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.attributes.contains_key(key)
    }

    pub(super) fn insert(&mut self, key: String, properties: Properties) {
        self.attributes.insert(key, properties);
    }
}
