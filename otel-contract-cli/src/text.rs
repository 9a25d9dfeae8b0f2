//! Texts indexed by line and column. As in the model, both start at 1, and columns count characters.

use otel_contract_model::{Compiled, Location};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Text with an index of its lines.
#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
    lines: Vec<Range<usize>>,
}

impl Text {
    pub(crate) fn new(text: impl Into<String>) -> Text {
        let text = text.into();
        let mut lines = Vec::new();
        let mut start = 0;
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            // As in YAML, a lone carriage return ends a line.
            let ends = *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            if ends {
                let end = if *byte == b'\n' && at > start && bytes[at - 1] == b'\r' {
                    at - 1
                } else {
                    at
                };
                lines.push(start..end);
                start = at + 1;
            }
        }
        lines.push(start..text.len());
        Text { text, lines }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the number of lines. An empty text has one line.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns a line without its terminator; empty if the line does not exist.
    pub(crate) fn line(&self, number: u32) -> &str {
        self.range(number).map_or("", |range| &self.text[range])
    }

    /// Returns the byte range of a line.
    pub(crate) fn range(&self, number: u32) -> Option<Range<usize>> {
        self.lines.get((number as usize).checked_sub(1)?).cloned()
    }

    /// Returns the byte range of `length` characters that start at a position.
    pub(crate) fn bytes(&self, line: u32, column: u32, length: u32) -> Option<Range<usize>> {
        let range = self.range(line)?;
        let text = &self.text[range.clone()];
        let within = within(text, column, length);
        Some(range.start + within.start..range.start + within.end)
    }
}

/// Returns the byte range of `length` characters that start at a column, clamped to the line.
pub(crate) fn within(line: &str, column: u32, length: u32) -> Range<usize> {
    let start = (column as usize).saturating_sub(1);
    let mut boundaries = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    let from = boundaries.nth(start).unwrap_or(line.len());
    let characters = line[from..].char_indices().map(|(at, _)| from + at);
    let to = characters
        .chain([line.len()])
        .nth(length as usize)
        .unwrap_or(line.len());
    from..to
}

/// Texts of contract files, by the file names that messages show.
#[derive(Debug, Default)]
pub(crate) struct Texts(HashMap<Arc<str>, Text>);

impl Texts {
    /// Adds every file of a contract.
    pub(crate) fn add(&mut self, compiled: &Compiled) {
        for source in &compiled.sources {
            let known = self.0.entry(source.name.clone());
            known.or_insert_with(|| Text::new(source.text.as_str()));
        }
    }

    /// Adds one text.
    pub(crate) fn insert(&mut self, name: Arc<str>, text: impl Into<String>) {
        self.0.insert(name, Text::new(text));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Text> {
        self.0.get(name)
    }

    /// Returns the line of a location; empty if it is unknown.
    pub(crate) fn line(&self, at: &Location) -> &str {
        self.get(&at.file).map_or("", |text| text.line(at.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_yaml() {
        let text = Text::new("a\r\nb\rc\n\nd");
        let lines: Vec<&str> = (1..=5).map(|number| text.line(number)).collect();
        assert_eq!(lines, ["a", "b", "c", "", "d"]);
        assert_eq!((text.len(), text.line(0), text.line(6)), (5, "", ""));
    }

    #[test]
    fn columns_are_characters() {
        let text = Text::new("x\nnäme: größe\n");
        let bytes = text.bytes(2, 7, 5).expect("a place");
        assert_eq!(&text.as_str()[bytes], "größe");
        assert_eq!(within("short", 40, 3), 5..5);
        assert_eq!(within("größe", 4, 40), 4..7);
    }
}
