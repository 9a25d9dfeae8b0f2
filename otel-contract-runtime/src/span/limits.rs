//! Limits of what a span records.

use super::unique::cut;
use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanLimits};

/// Limits of the spans of a pipeline.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// How many attributes, events and links there may be.
    pub(crate) counts: SpanLimits,
    /// The longest text of an attribute, in characters; `None`: texts have any length.
    pub(crate) value_length: Option<usize>,
}

impl Limits {
    /// Number of attributes up to which a span without additions is within the limits.
    pub(super) fn most_plain(&self) -> usize {
        match self.value_length {
            None => self.counts.max_attributes_per_span as usize,
            Some(_) => 0,
        }
    }

    /// Limits the attributes of links that an operation was started with.
    pub(super) fn limit_links(&self, span: &mut SpanData) {
        for link in &mut span.links.links {
            let dropped = cut(&mut link.attributes, self.counts.max_attributes_per_link);
            link.dropped_attributes_count += dropped;
        }
    }

    /// Shortens the texts of a span that has ended, and those of its events and links.
    pub(super) fn shorten(&self, span: &mut SpanData) {
        let Some(most) = self.value_length else {
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
                Value::String(text) => shorten(text, most),
                Value::Array(Array::String(texts)) => {
                    texts.iter_mut().for_each(|text| shorten(text, most));
                }
                // Numbers and booleans are never cut.
                _ => {}
            }
        }
    }
}

/// Cuts a text to so many characters.
pub(crate) fn shorten(text: &mut StringValue, most: usize) {
    // A character has a byte at least.
    if text.as_str().len() <= most {
        return;
    }
    if let Some((end, _)) = text.as_str().char_indices().nth(most) {
        *text = StringValue::from(text.as_str()[..end].to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        for (text, most, cut) in [
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
            shorten(&mut value, most);
            assert_eq!(value.as_str(), cut, "{text} to {most}");
        }
    }
}
