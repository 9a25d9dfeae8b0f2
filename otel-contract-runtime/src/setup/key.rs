//! The key that personal values are hashed with, read and checked for [`protect`].

use super::environment::Reader;
use super::error::option;
use super::notice::{Notice, Notices};
use crate::description::{Contract, Privacy};
use crate::protect::{self, MIN_KEY_LENGTH, Protected};

/// Source of the key. It has no `Debug`, so that the key is never printed.
pub(super) enum Key {
    /// Set in code.
    Bytes(Vec<u8>),
    /// Name of the variable that contains the key.
    Variable(String),
}

/// Key of a sufficient length.
pub(super) struct CheckedKey(Vec<u8>);

impl Key {
    /// Reads the key. Messages contain its length, never its value.
    pub(super) fn read(self, reader: &mut Reader<'_>) -> Option<CheckedKey> {
        let help = format!(
            "use a key of at least {MIN_KEY_LENGTH} random bytes, and keep it: hashes made with different keys cannot be compared"
        );
        match self {
            Self::Bytes(key) if key.len() < MIN_KEY_LENGTH => {
                let what = format!("received a key of only {} bytes", key.len());
                reader.error(option("protection_key", what, &help));
                None
            }
            Self::Bytes(key) => Some(CheckedKey(key)),
            Self::Variable(name) => {
                let key = reader.text_or_error(&name);
                match key.as_ref().map(String::len) {
                    None if reader.is_set(&name) => None,
                    None => {
                        reader.variable_error(
                            &name,
                            "must contain the protection key, but is not set",
                            help,
                        );
                        None
                    }
                    Some(length @ ..MIN_KEY_LENGTH) => {
                        let what = format!("contains a protection key of only {length} bytes");
                        reader.variable_error(&name, what, help);
                        None
                    }
                    Some(_) => key.map(|key| CheckedKey(key.into_bytes())),
                }
            }
        }
    }
}

impl CheckedKey {
    pub(super) fn set(self) {
        // `set_key` only rejects short keys, and the length was checked.
        let _ = protect::set_key(self.0);
    }
}

/// Reports every contract that hashes an attribute, if there is no key.
pub(super) fn report_missing(contracts: &[&'static Contract], notices: &Notices) {
    if protect::has_key() {
        return;
    }
    for contract in contracts {
        let mut attributes = contract.attributes.iter();
        let hashed =
            attributes.find(|attribute| attribute.privacy == Privacy::Personal(Protected::Hash));
        if let Some(hashed) = hashed {
            notices.report(&Notice::NoProtectionKey {
                contract: contract.name,
                attribute: hashed.key,
            });
        }
    }
}
