//! Text storage of bounded attributes.

use opentelemetry::StringValue;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// Longest text in bytes that is stored inline. With this capacity the type is as large as a `String`.
const INLINE_CAPACITY: usize = 22;

/// The text of a bounded attribute. Each call of an operation creates one (`QueueName::capped(&self.queue)`), so short
/// texts are stored inline, without an allocation.
#[derive(Clone)]
pub struct CappedText(Storage);

#[derive(Clone)]
enum Storage {
    Inline {
        length: u8,
        bytes: [u8; INLINE_CAPACITY],
    },
    Shared(Arc<str>),
}

impl CappedText {
    /// Stores a copy of the text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut bytes = [0; INLINE_CAPACITY];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Self(Storage::Inline { length, bytes })
            }
            _ => Self(Storage::Shared(Arc::from(text))),
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // The bytes are valid UTF-8, because `new` copied them from a `str`.
            Storage::Inline { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Storage::Shared(text) => text,
        }
    }

    /// Returns the bytes of the text. Look-ups compare bytes, which avoids the UTF-8 check of `as_str`.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Storage::Inline { length, bytes } => {
                bytes.get(..usize::from(*length)).unwrap_or_default()
            }
            Storage::Shared(text) => text.as_bytes(),
        }
    }
}

impl Deref for CappedText {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for CappedText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for CappedText {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Arc<str>> for CappedText {
    fn from(text: Arc<str>) -> Self {
        if text.len() > INLINE_CAPACITY {
            Self(Storage::Shared(text))
        } else {
            Self::new(&text)
        }
    }
}

impl From<CappedText> for StringValue {
    fn from(text: CappedText) -> Self {
        match text.0 {
            Storage::Inline { .. } => text.as_str().to_owned().into(),
            Storage::Shared(text) => text.into(),
        }
    }
}

impl fmt::Debug for CappedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for CappedText {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for CappedText {}

impl PartialOrd for CappedText {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CappedText {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for CappedText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::{CappedText, INLINE_CAPACITY};
    use opentelemetry::StringValue;
    use std::collections::HashSet;
    use std::sync::Arc;

    /// Texts around the inline capacity, also with multi-byte characters across the limit.
    fn texts() -> Vec<String> {
        let mut texts: Vec<String> = (0..=INLINE_CAPACITY + 2)
            .map(|length| "q".repeat(length))
            .collect();
        texts.extend((0..=INLINE_CAPACITY).map(|length| "q".repeat(length) + "ä€"));
        texts
    }

    #[test]
    fn every_storage_returns_the_original_text() {
        for text in texts() {
            let capped = CappedText::new(&text);
            assert_eq!(capped.as_str(), text);
            assert_eq!(capped, CappedText::from(text.clone()));
            assert_eq!(capped, CappedText::from(Arc::<str>::from(text.as_str())));
            assert_eq!(StringValue::from(capped.clone()).as_str(), text);
            assert_eq!(format!("{capped:?}"), format!("{text:?}"));
        }
    }

    #[test]
    fn texts_compare_and_hash_as_text() {
        let mut texts = texts();
        let mut capped: Vec<CappedText> = texts.iter().map(|text| CappedText::new(text)).collect();
        texts.sort();
        capped.sort();
        let sorted: Vec<&str> = capped.iter().map(CappedText::as_str).collect();
        assert_eq!(sorted, texts);
        let distinct: HashSet<CappedText> = capped.iter().cloned().collect();
        assert_eq!(distinct.len(), texts.iter().collect::<HashSet<_>>().len());
    }

    #[test]
    fn a_text_is_as_big_as_a_string() {
        assert_eq!(size_of::<CappedText>(), size_of::<String>());
    }
}
