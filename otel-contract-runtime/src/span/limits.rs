//! Limits on the contents of spans.

use super::unique::cut;
use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanLimits};

/// Limits on the spans of a pipeline.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// Maximum numbers of attributes, events and links.
    pub(crate) counts: SpanLimits,
    /// Maximum length of a string attribute, in characters; `None`: no limit.
    pub(crate) value_length: Option<usize>,
}

impl Limits {
    /// A span with at most this many attributes, without links and additions, needs no check of the limits. 0 if the
    /// length of values is limited, because then every value must be checked.
    pub(super) fn max_plain_attributes(&self) -> usize {
        match self.value_length {
            None => self.counts.max_attributes_per_span as usize,
            Some(_) => 0,
        }
    }

    /// Limits the number of attributes on the links that an operation was started with.
    pub(super) fn limit_links(&self, span: &mut SpanData) {
        for link in &mut span.links.links {
            let dropped = cut(&mut link.attributes, self.counts.max_attributes_per_link);
            link.dropped_attributes_count += dropped;
        }
    }

    /// Shortens the string attributes of a span that has ended, of its events and of its links.
    pub(super) fn shorten(&self, span: &mut SpanData) {
        let Some(max_length) = self.value_length else {
            return;
        };
        let events = &mut span.events.events;
        let links = &mut span.links.links;
        let attributes = span
            .attributes
            .iter_mut()
            .chain(events.iter_mut().flat_map(|event| &mut event.attributes))
            .chain(links.iter_mut().flat_map(|link| &mut link.attributes));
        for KeyValue { value, .. } in attributes {
            match value {
                Value::String(text) => shorten(text, max_length),
                Value::Array(Array::String(texts)) => {
                    texts.iter_mut().for_each(|text| shorten(text, max_length));
                }
                // The limit does not apply to numbers and booleans.
                _ => {}
            }
        }
    }
}

/// Cuts a text to a maximum number of characters.
pub(crate) fn shorten(text: &mut StringValue, max_length: usize) {
    // A character has at least one byte.
    if text.as_str().len() <= max_length {
        return;
    }
    if let Some((end, _)) = text.as_str().char_indices().nth(max_length) {
        *text = StringValue::from(text.as_str()[..end].to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        for (text, max_length, cut) in [
            ("abc", 3, "abc"),
            ("abc", 2, "ab"),
            ("abc", 0, ""),
            ("", 0, ""),
            ("äöü", 3, "äöü"),
            ("äöü", 2, "äö"),
            ("a😀b", 2, "a😀"),
            ("😀", 1, "😀"),
        ] {
            let mut value = StringValue::from(text);
            shorten(&mut value, max_length);
            assert_eq!(value.as_str(), cut, "{text} to {max_length}");
        }
    }
}
