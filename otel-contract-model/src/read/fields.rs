//! The fields of a mapping while they are read into a struct.

use super::{Field, Located, Read, Reader};
use crate::codes;
use crate::files::Span;
use crate::names;
use crate::yaml::{Node, Value};

/// The fields of a mapping that have not been read yet. Used by the `spec!` macro.
pub(crate) struct Fields<'n> {
    entries: Vec<(&'n str, Span, &'n Node)>,
    /// The intended fields of misspelled fields, with the location of each misspelling. The misspelling is already
    /// reported, so the intended field is not reported as missing.
    misspelled: Vec<(&'static str, Span)>,
    at: Span,
}

impl<'n> Fields<'n> {
    /// Collects the known fields of a mapping, and reports the unknown fields.
    pub(crate) fn open(
        node: &'n Node,
        noun: &str,
        known: &[&'static str],
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let mut entries = Vec::new();
        let mut unknown = Vec::new();
        for (name, span, value) in reader.entries(node)? {
            if known.contains(&name) {
                entries.push((name, span, value));
            } else {
                unknown.push((name, span, value));
            }
        }
        let mut misspelled = Vec::new();
        if known.contains(&"range")
            && let Some(ends) = RangeEnds::take(&mut unknown)
        {
            let diag = codes::UNKNOWN_FIELD.at(ends.span, [&ends.name, &noun]);
            reader.diagnostics.push(diag.help(ends.advice()));
            misspelled.push(("range", ends.span));
        }
        for (name, span, _) in unknown {
            let diag = codes::UNKNOWN_FIELD.at(span, [&name, &noun]);
            if !reader.diagnostics.may_suggest() {
                reader.diagnostics.push(diag);
                continue;
            }
            let absent = known
                .iter()
                .copied()
                .filter(|known| entries.iter().all(|(name, ..)| name != known));
            let suggestion = names::suggestion(name, absent.clone())
                .and_then(|suggestion| known.iter().copied().find(|known| *known == suggestion));
            reader.diagnostics.push(match suggestion {
                Some(_) => diag.suggest(name, suggestion, absent),
                None => diag.help(format!("the fields of {noun} are {}", names::list(known))),
            });
            // If the type has only one field, an unknown field must be a misspelling of this field.
            let suggestion = match known {
                [only] => Some(*only),
                _ => suggestion,
            };
            misspelled.extend(suggestion.map(|suggestion| (suggestion, span)));
        }
        Some(Fields {
            entries,
            misspelled,
            at: node.span,
        })
    }

    /// Reads one field. For a required field, `advice` is its documentation, which becomes the help of the error for a
    /// missing field.
    pub(crate) fn take<T: Read>(
        &mut self,
        name: &'static str,
        advice: Option<&str>,
        reader: &mut Reader<'_>,
    ) -> Field<T> {
        let Some((span, node)) = self.remove(name) else {
            let key = self.absent(name, advice, reader);
            return Field {
                key,
                value: None,
                has_errors: key.is_some(),
            };
        };
        let before = reader.diagnostics.count();
        let mut value = reader.read_value::<Located<T>>(name, span, node);
        if is_empty_text(name, node, reader) {
            value = None;
        }
        Field {
            key: Some(span),
            value,
            has_errors: reader.diagnostics.count() > before,
        }
    }

    /// Takes the location of a field's name, and its value, out of the fields.
    fn remove(&mut self, name: &str) -> Option<(Span, &'n Node)> {
        let mut entries = self.entries.iter();
        let index = entries.position(|(known, ..)| *known == name)?;
        let (_, span, node) = self.entries.swap_remove(index);
        Some((span, node))
    }

    /// Reports a required field that is missing. Returns the location of its name, if the name is misspelled.
    fn absent(
        &self,
        name: &'static str,
        advice: Option<&str>,
        reader: &mut Reader<'_>,
    ) -> Option<Span> {
        let misspelled = self
            .misspelled
            .iter()
            .find(|(suggestion, _)| *suggestion == name);
        if let (None, Some(advice)) = (misspelled, advice) {
            let (entry, span) = match &reader.key {
                Some((key, span)) => (format!("`{key}`"), *span),
                None => ("this entry".to_owned(), self.at),
            };
            let diag = codes::MISSING_FIELD.at(span, [&entry, &name]);
            reader
                .diagnostics
                .push(diag.help(format!("add `{name}`: {}", as_advice(advice))));
        }
        misspelled.map(|(_, span)| *span)
    }
}

/// Returns whether a field that describes an entry has no text. Reports the empty text.
fn is_empty_text(name: &str, node: &Node, reader: &mut Reader<'_>) -> bool {
    let ("brief" | "note", Value::Text(text)) = (name, &node.value) else {
        return false;
    };
    let is_empty = text.trim().is_empty();
    if is_empty {
        let diag = codes::EMPTY_TEXT.at(node.span, [&name]);
        reader.diagnostics.push(diag);
    }
    is_empty
}

/// The ends of a range, written as two fields.
struct RangeEnds<'n> {
    /// The first of the fields.
    name: &'n str,
    span: Span,
    lowest: Option<&'n Node>,
    highest: Option<&'n Node>,
}

impl<'n> RangeEnds<'n> {
    const LOWEST: [&'static str; 2] = ["min", "minimum"];
    const HIGHEST: [&'static str; 2] = ["max", "maximum"];

    /// Takes the ends of a range out of the unknown fields.
    fn take(unknown: &mut Vec<(&'n str, Span, &'n Node)>) -> Option<Self> {
        let is_end = |name| Self::LOWEST.contains(&name) || Self::HIGHEST.contains(&name);
        let value = |names: [&str; 2]| {
            let mut fields = unknown.iter();
            fields
                .find(|(name, ..)| names.contains(name))
                .map(|(_, _, node)| *node)
        };
        let (name, span, _) = *unknown.iter().find(|(name, ..)| is_end(name))?;
        let ends = Self {
            name,
            span,
            lowest: value(Self::LOWEST),
            highest: value(Self::HIGHEST),
        };
        unknown.retain(|(name, ..)| !is_end(name));
        Some(ends)
    }

    /// Returns the field to write instead.
    fn advice(&self) -> String {
        match (end(self.lowest), end(self.highest)) {
            (Some(lowest), Some(highest)) => format!("write `range: [{lowest}, {highest}]`"),
            _ => "a range has two integers: `range: [0, 5]`".to_owned(),
        }
    }
}

/// Returns the end of a range as written; `…` if it is missing, `None` if it is no integer.
fn end(node: Option<&Node>) -> Option<String> {
    match node.map(|node| &node.value) {
        Some(Value::Int(end)) => Some(end.to_string()),
        Some(_) => None,
        None => Some("…".to_owned()),
    }
}

/// Returns the first sentence of a field's documentation, in lowercase, to append to a help.
fn as_advice(doc: &str) -> String {
    let doc = doc.trim();
    let sentence = doc
        .split_once(". ")
        .map_or(doc, |(first, _)| first)
        .trim_end_matches('.');
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
