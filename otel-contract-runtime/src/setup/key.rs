//! The key personal values are hashed under, on its way to [`protect`].

use super::environment::Reader;
use super::error::option;
use crate::protect::{self, LEAST_KEY};

/// Where the key comes from. It has no `Debug`.
pub(super) enum Key {
    Given(Vec<u8>),
    Variable(String),
}

/// A key that is long enough.
pub(super) struct SoundKey(Vec<u8>);

impl Key {
    /// Says how long a key is, never what it is.
    pub(super) fn read(self, reader: &mut Reader<'_>) -> Option<SoundKey> {
        let help = format!(
            "use a key of at least {LEAST_KEY} random bytes, and keep it: hashes made with different keys cannot be compared"
        );
        match self {
            Self::Given(key) if key.len() < LEAST_KEY => {
                let what = format!("received a key of {} bytes", key.len());
                reader.fault(option("protection_key", what, &help));
                None
            }
            Self::Given(key) => Some(SoundKey(key)),
            Self::Variable(name) => {
                let key = reader.vital(&name);
                match key.as_ref().map(String::len) {
                    None if reader.is_set(&name) => None,
                    None => {
                        reader.wrong(
                            &name,
                            "must contain the protection key, but is not set",
                            help,
                        );
                        None
                    }
                    Some(length @ ..LEAST_KEY) => {
                        let what = format!("contains a protection key of {length} bytes");
                        reader.wrong(&name, what, help);
                        None
                    }
                    Some(_) => key.map(|key| SoundKey(key.into_bytes())),
                }
            }
        }
    }
}

impl SoundKey {
    pub(super) fn set(self) {
        // The length is the one thing that is refused, and was checked.
        let _ = protect::set_key(self.0);
    }
}
