//! Text of bounded attributes.

use opentelemetry::StringValue;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// Bytes of a text that is kept in place: as many as fit where a long text needs 16 and a tag.
const SHORT: usize = 22;

/// The text of a bounded attribute. Its types are made at every call (`QueueName::capped(&self.queue)`), so a short
/// text is kept in place and allocates nothing.
#[derive(Clone)]
pub struct CappedText(Kept);

#[derive(Clone)]
enum Kept {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Arc<str>),
}

impl CappedText {
    /// Keeps a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Self(Kept::Short { length, bytes })
            }
            _ => Self(Kept::Long(Arc::from(text))),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // They were a text when they were kept.
            Kept::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Kept::Long(text) => text,
        }
    }

    /// The bytes of the text: what finding it takes, without the check that they are a text.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Kept::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Kept::Long(text) => text.as_bytes(),
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
        if text.len() > SHORT {
            Self(Kept::Long(text))
        } else {
            Self::new(&text)
        }
    }
}

impl From<CappedText> for StringValue {
    fn from(text: CappedText) -> Self {
        match text.0 {
            Kept::Short { .. } => text.as_str().to_owned().into(),
            Kept::Long(text) => text.into(),
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
    use super::{CappedText, SHORT};
    use opentelemetry::StringValue;
    use std::collections::HashSet;
    use std::sync::Arc;

    /// Around the length from which a text is shared, and with characters of several bytes across it.
    fn texts() -> Vec<String> {
        let mut texts: Vec<String> = (0..=SHORT + 2).map(|length| "q".repeat(length)).collect();
        texts.extend((0..=SHORT).map(|length| "q".repeat(length) + "ä€"));
        texts
    }

    #[test]
    fn every_way_to_keep_a_text_gives_it_back() {
        for text in texts() {
            let kept = CappedText::new(&text);
            assert_eq!(kept.as_str(), text);
            assert_eq!(kept, CappedText::from(text.clone()));
            assert_eq!(kept, CappedText::from(Arc::<str>::from(text.as_str())));
            assert_eq!(StringValue::from(kept.clone()).as_str(), text);
            assert_eq!(format!("{kept:?}"), format!("{text:?}"));
        }
    }

    #[test]
    fn texts_compare_and_hash_as_text() {
        let mut texts = texts();
        let mut kept: Vec<CappedText> = texts.iter().map(|text| CappedText::new(text)).collect();
        texts.sort();
        kept.sort();
        let sorted: Vec<&str> = kept.iter().map(CappedText::as_str).collect();
        assert_eq!(sorted, texts);
        let distinct: HashSet<CappedText> = kept.iter().cloned().collect();
        assert_eq!(distinct.len(), texts.iter().collect::<HashSet<_>>().len());
    }

    #[test]
    fn a_text_is_as_big_as_a_string() {
        assert_eq!(size_of::<CappedText>(), size_of::<String>());
    }
}
