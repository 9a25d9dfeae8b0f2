//! Protection of personal values before they are recorded. The clear value is not stored.
//!
//! `hash` records the first 32 hex digits of the HMAC-SHA-256 under the key passed to `set_key`. The same person has the
//! same hash, but the hash does not reveal the person. Without a key, `hash` records `[redacted]`, and `mask` always does.
//! `keep_last: n` records `***` and the last n characters of values longer than 2n, and `***` for shorter values.

use std::fmt;
use std::sync::Arc;

/// Replacement for a protected value.
pub const REDACTED: &str = "[redacted]";

/// Protection of a personal attribute, as declared in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protected {
    /// HMAC-SHA-256 under the key; `[redacted]` without a key.
    Hash,
    /// `[redacted]`.
    Mask,
    /// `***` and this number of characters from the end.
    KeepLast(usize),
}

impl Protected {
    /// Returns the protected form of a clear value.
    ///
    /// ```
    /// use otel_contract::protect::Protected;
    ///
    /// assert_eq!(Protected::KeepLast(4).apply("DE02120300000000202051").to_string(), "***2051");
    /// assert_eq!(Protected::KeepLast(4).apply("2051").to_string(), "***");
    /// assert_eq!(Protected::Mask.apply("ada@example.org").to_string(), "[redacted]");
    /// ```
    #[must_use]
    pub fn apply(self, clear: &str) -> ProtectedText {
        ProtectedText(match self {
            Self::Hash => hash(clear),
            Self::Mask => Arc::from(REDACTED),
            Self::KeepLast(count) => keep_last(clear, count),
        })
    }
}

/// A personal value in its protected form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtectedText(Arc<str>);

impl ProtectedText {
    /// Returns the recorded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the recorded text as a shared string.
    #[must_use]
    pub fn into_inner(self) -> Arc<str> {
        self.0
    }
}

impl fmt::Debug for ProtectedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for ProtectedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn keep_last(clear: &str, count: usize) -> Arc<str> {
    let length = clear.chars().count();
    if length <= count.saturating_mul(2) {
        return Arc::from("***");
    }
    let kept: String = clear.chars().skip(length - count).collect();
    Arc::from(format!("***{kept}"))
}

#[cfg(feature = "hash")]
use keyed::hash;
#[cfg(feature = "hash")]
pub use keyed::{KeyTooShort, set_key};
#[cfg(all(feature = "hash", feature = "setup"))]
pub(crate) use keyed::{MIN_KEY_LENGTH, has_key};

/// Fallback without feature `hash`. A contract with `protect: hash` does not compile without the feature.
#[cfg(not(feature = "hash"))]
fn hash(_clear: &str) -> Arc<str> {
    Arc::from(REDACTED)
}

#[cfg(feature = "hash")]
mod keyed {
    use super::REDACTED;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha256;
    use std::fmt;
    use std::fmt::Write as _;
    use std::sync::{Arc, PoisonError, RwLock};

    /// HMAC state initialized with the key. Cloning the state is cheaper than a new initialization for each value.
    static KEYED: RwLock<Option<Hmac<Sha256>>> = RwLock::new(None);

    /// Minimum length of a key in bytes. The Collector asks for the same, so that both hash alike.
    pub(crate) const MIN_KEY_LENGTH: usize = 32;

    /// Sets the key for hashes of personal values in the whole process. Earlier hashes do not change, so set the key
    /// before the first operation.
    ///
    /// # Errors
    ///
    /// Returns an error for a key of fewer than 32 bytes. A previous key then remains in use.
    ///
    /// ```
    /// # fn main() -> Result<(), otel_contract::protect::KeyTooShort> {
    /// otel_contract::protect::set_key(b"at least thirty-two bytes of secret")?;
    /// # Ok(()) }
    /// ```
    pub fn set_key(key: impl AsRef<[u8]>) -> Result<(), KeyTooShort> {
        let key = key.as_ref();
        if key.len() < MIN_KEY_LENGTH {
            return Err(KeyTooShort { length: key.len() });
        }
        let keyed = Hmac::new_from_slice(key).map_err(|_| KeyTooShort { length: key.len() })?;
        *KEYED.write().unwrap_or_else(PoisonError::into_inner) = Some(keyed);
        Ok(())
    }

    /// Whether a key is set.
    #[cfg(feature = "setup")]
    pub(crate) fn has_key() -> bool {
        let keyed = KEYED.read().unwrap_or_else(PoisonError::into_inner);
        keyed.is_some()
    }

    /// Error of [`set_key`] for a key that is too short.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct KeyTooShort {
        length: usize,
    }

    impl fmt::Display for KeyTooShort {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let length = self.length;
            write!(
                f,
                "the protection key has {length} bytes, at least {MIN_KEY_LENGTH} are needed"
            )
        }
    }

    impl std::error::Error for KeyTooShort {}

    pub(super) fn hash(clear: &str) -> Arc<str> {
        let keyed = KEYED.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(mut keyed) = keyed else {
            return Arc::from(REDACTED);
        };
        keyed.update(clear.as_bytes());
        let mut digits = String::with_capacity(32);
        for byte in keyed.finalize().into_bytes().iter().take(16) {
            let _ = write!(digits, "{byte:02x}");
        }
        Arc::from(digits)
    }
}
