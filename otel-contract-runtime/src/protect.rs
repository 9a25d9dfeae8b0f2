//! Personal values, made safe on the way in: the clear value is kept nowhere.
//!
//! `hash` records the first 32 hex digits of HMAC-SHA-256 under the key given to `set_key`, so
//! that the same person can be found again without being named; without a key, and for `mask`, the
//! value is `[redacted]`. `keep_last: n` records `***` and the last n characters of values longer
//! than 2n.

use std::fmt;
use std::sync::Arc;

/// What is recorded instead of a value that may not be known.
pub const REDACTED: &str = "[redacted]";

/// How the contract protects an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protected {
    /// HMAC-SHA-256 under the key, `[redacted]` without one.
    Hash,
    /// `[redacted]`.
    Mask,
    /// `***` and the last characters.
    KeepLast(usize),
}

impl Protected {
    /// The protected form of a clear value.
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

/// A personal value in its protected form; displays as that.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtectedText(Arc<str>);

impl ProtectedText {
    /// What is recorded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is recorded, shared.
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

#[cfg(all(feature = "hash", feature = "setup"))]
pub(crate) use keyed::LEAST_KEY;
#[cfg(feature = "hash")]
use keyed::hash;
#[cfg(feature = "hash")]
pub use keyed::{KeyTooShort, set_key};

/// A contract that hashes does not compile without the feature; this is what remains of it.
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

    /// The key, already taken in: a clone of the state is cheaper than starting over.
    static KEYED: RwLock<Option<Hmac<Sha256>>> = RwLock::new(None);

    /// Least length of a key in bytes: a shorter one could be guessed from hashes.
    pub(crate) const LEAST_KEY: usize = 16;

    /// Sets the key personal values are hashed under, for the whole process. Values hashed before
    /// stay as they are: set it before the first operation runs.
    ///
    /// # Errors
    ///
    /// A key of fewer than 16 bytes is refused, and a key set before stays in force.
    ///
    /// ```
    /// # fn main() -> Result<(), otel_contract::protect::KeyTooShort> {
    /// otel_contract::protect::set_key(b"at least sixteen bytes of secret")?;
    /// # Ok(()) }
    /// ```
    pub fn set_key(key: impl AsRef<[u8]>) -> Result<(), KeyTooShort> {
        let key = key.as_ref();
        if key.len() < LEAST_KEY {
            return Err(KeyTooShort { length: key.len() });
        }
        let keyed = Hmac::new_from_slice(key).map_err(|_| KeyTooShort { length: key.len() })?;
        *KEYED.write().unwrap_or_else(PoisonError::into_inner) = Some(keyed);
        Ok(())
    }

    /// The key given to [`set_key`] is too short.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct KeyTooShort {
        length: usize,
    }

    impl fmt::Display for KeyTooShort {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let length = self.length;
            write!(
                f,
                "the protection key has {length} bytes, at least {LEAST_KEY} are needed"
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
