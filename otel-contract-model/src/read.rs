//! Reads nodes into the types of the file format: one [`Read`] implementation per type. Reading continues after an
//! error.

mod forms;

use std::collections::HashMap;
use std::fmt;

#[cfg(feature = "schema")]
pub(crate) use schemars::JsonSchema as Described;

use crate::codes;
use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::names;
use crate::yaml::{Node, Value};

/// The JSON Schema of a type. Without the feature `schema`, all types have this trait, and it is empty.
#[cfg(not(feature = "schema"))]
pub(crate) trait Described {}
#[cfg(not(feature = "schema"))]
impl<T> Described for T {}

/// A type of the file format.
pub(crate) trait Read: Sized + Described {
    /// What the type expects in the file.
    const EXPECTED: Expected;
    /// What a mapping of names to the type expects.
    const MAP: Expected = Expected::Mapping;

    /// Reads a node. Returns `None` after an error, which is reported.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
}

/// What a type of the file format expects in the file. Displays as in messages: `a string`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    String,
    Boolean,
    Integer,
    Number,
    /// A string, a number or a boolean.
    Value,
    List,
    Mapping,
    ListOrMapping,
    RequirementLevels,
    /// A word of a closed set, or another form that only this type has.
    Other(&'static str),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::String => "a string",
            Expected::Boolean => "`true` or `false`",
            Expected::Integer => "an integer",
            Expected::Number => "a number",
            Expected::Value => "a value",
            Expected::List => "a list",
            Expected::Mapping => "a mapping",
            Expected::ListOrMapping => "a list or a mapping",
            Expected::RequirementLevels => "a mapping of requirement levels",
            Expected::Other(noun) => noun,
        })
    }
}

/// Collects the errors while a file is read.
pub(crate) struct Reader<'a> {
    pub(crate) diagnostics: &'a mut DiagContext,
    /// The key of the node that is being read.
    owner: Option<(String, Span)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(diagnostics: &'a mut DiagContext) -> Self {
        Reader {
            diagnostics,
            owner: None,
        }
    }

    /// Reads the value of a key.
    fn owned<T: Read>(&mut self, key: &str, span: Span, node: &Node) -> Option<T> {
        if matches!(node.value, Value::Null) {
            // `null` has no span.
            return self.wrong_type(T::EXPECTED, &Node::new(span, Value::Null));
        }
        let owner = self.owner.replace((key.to_owned(), span));
        let value = T::read(node, self);
        self.owner = owner;
        value
    }

    /// Reports a node of the wrong type.
    pub(crate) fn wrong_type<T>(&mut self, expected: Expected, node: &Node) -> Option<T> {
        if node.is_beyond_integers() && expected == Expected::Integer {
            let diag = codes::BEYOND_INTEGERS.at(node.span, [&node.shown()]);
            self.diagnostics.push(diag);
            return None;
        }
        let found = node.kind();
        let key = self.owner.as_ref().map_or("", |(key, _)| key.as_str());
        let diag = codes::WRONG_TYPE.at(node.span, [&expected, &found]);
        let diag = if matches!(node.value, Value::Null) && node.written().is_none() {
            diag.found_nothing()
        } else {
            diag
        };
        self.diagnostics
            .push(match forms::form(key, expected, node) {
                Some(help) => diag.help(help),
                None => diag,
            });
        None
    }

    /// Reports a merge key. Returns `None` if there is one, since the merged fields are missing.
    pub(crate) fn refuse_merge(&mut self, entries: &[(Node, Node)]) -> Option<()> {
        let is_merge = |key: &Node| matches!(&key.value, Value::Text(key) if key == "<<");
        match entries.iter().find(|(key, _)| is_merge(key)) {
            Some((key, _)) => {
                self.diagnostics.push(codes::MERGE_KEY.at(key.span, []));
                None
            }
            None => Some(()),
        }
    }

    /// Returns the entries of a mapping with string keys, each key once.
    fn entries<'n>(&mut self, node: &'n Node) -> Option<Vec<(&'n str, Span, &'n Node)>> {
        let Value::Map(entries) = &node.value else {
            return self.wrong_type(Expected::Mapping, node);
        };
        self.refuse_merge(entries)?;
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
        let mut unique = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let Value::Text(name) = &key.value else {
                self.wrong_type::<()>(Expected::String, key);
                continue;
            };
            match seen.get(name.as_str()) {
                Some(first) => self.diagnostics.push(
                    codes::DUPLICATE_KEY
                        .at(key.span, [name])
                        .related("first occurrence at", *first),
                ),
                None => {
                    seen.insert(name, key.span);
                    unique.push((name.as_str(), key.span, value));
                }
            }
        }
        Some(unique)
    }
}

/// A value and its location.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
    /// The source text, if it may differ from the text of the value.
    pub(crate) written: Option<Box<str>>,
}

impl<T> Located<T> {
    /// Creates a value whose text is its source text.
    pub(crate) fn new(span: Span, value: T) -> Located<T> {
        Located {
            span,
            value,
            written: None,
        }
    }
}

impl<T: std::fmt::Display> Located<T> {
    /// Returns the value as quoted in messages: the source text, `0x1F` and not `31`.
    pub(crate) fn quoted(&self) -> String {
        match &self.written {
            Some(written) => written.to_string(),
            None => self.value.to_string(),
        }
    }
}

impl<T: Read> Read for Located<T> {
    const EXPECTED: Expected = T::EXPECTED;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(|value| Located {
            span: node.span,
            value,
            written: node.written().map(Into::into),
        })
    }
}

/// A field of a mapping: absent, present, or present but invalid.
#[derive(Clone, Debug)]
pub(crate) struct Field<T> {
    /// The location of the field's name.
    pub(crate) key: Option<Span>,
    value: Option<Located<T>>,
    /// Some part of the field is invalid.
    has_errors: bool,
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Field {
            key: None,
            value: None,
            has_errors: false,
        }
    }
}

impl<T> Field<T> {
    /// Creates a field from a value that is not written but derived from something at `span`.
    pub(crate) fn implied(span: Span, value: T) -> Self {
        Field {
            key: Some(span),
            value: Some(Located::new(span, value)),
            has_errors: false,
        }
    }

    /// Creates a field from a value that is written without a name.
    pub(crate) fn given(value: Located<T>) -> Self {
        Field {
            key: Some(value.span),
            value: Some(value),
            has_errors: false,
        }
    }

    /// Returns whether the field is not written at all.
    pub(crate) fn is_absent(&self) -> bool {
        self.key.is_none()
    }

    /// Returns whether the field is written but invalid as a whole, which is already reported.
    pub(crate) fn is_invalid(&self) -> bool {
        self.key.is_some() && self.value.is_none()
    }

    /// Returns whether the field is written but invalid, as a whole or in parts, which is already reported.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors || self.is_invalid()
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|located| &located.value)
    }

    pub(crate) fn located(&self) -> Option<&Located<T>> {
        self.value.as_ref()
    }
}

impl<T> Field<T> {
    /// Moves the value out. The field is then invalid, not absent.
    pub(crate) fn take(&mut self) -> Option<T> {
        self.value.take().map(|located| located.value)
    }
}

impl<T: Clone> Field<T> {
    pub(crate) fn cloned(&self) -> Option<T> {
        self.get().cloned()
    }

    /// Returns this field, or the other field if this field is absent.
    pub(crate) fn or(&self, other: Field<T>) -> Field<T> {
        if self.is_absent() {
            other
        } else {
            self.clone()
        }
    }
}

impl<T> Field<Vec<T>> {
    /// Returns the items; empty if the field is absent.
    pub(crate) fn items(&self) -> &[T] {
        self.get().map_or(&[], Vec::as_slice)
    }
}

impl<T> Field<Map<T>> {
    /// Returns the entries; empty if the field is absent.
    pub(crate) fn entries(&self) -> &[Entry<T>] {
        self.get().map_or(&[], |map| &map.0)
    }
}

/// A mapping with string keys, in the order written, each key once.
#[derive(Clone, Debug)]
pub(crate) struct Map<T>(pub(crate) Vec<Entry<T>>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Map(Vec::new())
    }
}

/// A named entry. The value is `None` if it could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Entry<T> {
    pub(crate) name: Located<String>,
    pub(crate) value: Option<T>,
}

impl<T: Read> Read for Map<T> {
    const EXPECTED: Expected = Expected::Mapping;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            return reader.wrong_type(T::MAP, node);
        }
        let entries = reader.entries(node)?;
        let entries = entries.into_iter().map(|(name, span, value)| Entry {
            value: reader.owned(name, span, value),
            name: Located::new(span, name.to_owned()),
        });
        Some(Map(entries.collect()))
    }
}

impl<T: Read> Read for Vec<T> {
    const EXPECTED: Expected = Expected::List;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            return reader.wrong_type(Self::EXPECTED, node);
        };
        Some(
            items
                .iter()
                .filter_map(|item| T::read(item, reader))
                .collect(),
        )
    }
}

impl Read for String {
    const EXPECTED: Expected = Expected::String;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl Read for bool {
    const EXPECTED: Expected = Expected::Boolean;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl Read for i64 {
    const EXPECTED: Expected = Expected::Integer;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Int(value) => Some(value),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl Read for f64 {
    const EXPECTED: Expected = Expected::Number;
    #[expect(clippy::cast_precision_loss, reason = "the contract asks for a double")]
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

/// The fields of a mapping that have not been read yet. Used by the `spec!` macro.
pub(crate) struct Fields<'n> {
    entries: HashMap<&'n str, (Span, &'n Node)>,
    /// Misspelled fields. They are already reported, so the intended field is not missing.
    misspelt: Vec<(&'static str, Span)>,
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
        let mut entries = HashMap::new();
        let mut unknown = Vec::new();
        for (name, span, value) in reader.entries(node)? {
            if known.contains(&name) {
                entries.insert(name, (span, value));
            } else {
                unknown.push((name, span));
            }
        }
        let mut misspelt = Vec::new();
        for (name, span) in unknown {
            let diag = codes::UNKNOWN_FIELD.at(span, [&name, &noun]);
            if !reader.diagnostics.may_suggest() {
                reader.diagnostics.push(diag);
                continue;
            }
            let absent = known
                .iter()
                .copied()
                .filter(|known| !entries.contains_key(known));
            let suggestion = names::suggestion(name, absent.clone())
                .and_then(|suggestion| known.iter().copied().find(|known| *known == suggestion));
            reader.diagnostics.push(match suggestion {
                Some(_) => diag.correct(name, suggestion, absent),
                None => diag.help(format!("the fields of {noun} are {}", names::list(known))),
            });
            // A mapping with a single field can only mean that field.
            let suggestion = match known {
                [only] => Some(*only),
                _ => suggestion,
            };
            misspelt.extend(suggestion.map(|suggestion| (suggestion, span)));
        }
        Some(Fields {
            entries,
            misspelt,
            at: node.span,
        })
    }

    /// Reads one field. `advice` is the documentation of a required field, which makes a missing field an error.
    pub(crate) fn take<T: Read>(
        &mut self,
        name: &'static str,
        advice: Option<&str>,
        reader: &mut Reader<'_>,
    ) -> Field<T> {
        if let Some((span, node)) = self.entries.remove(name) {
            let before = reader.diagnostics.count();
            let mut value = reader.owned(name, span, node);
            if let ("brief" | "note", Value::Text(text)) = (name, &node.value)
                && text.trim().is_empty()
            {
                reader
                    .diagnostics
                    .push(codes::EMPTY_TEXT.at(node.span, [&name]));
                value = None;
            }
            return Field {
                key: Some(span),
                value: value.map(|value| Located {
                    span: node.span,
                    value,
                    written: node.written().map(Into::into),
                }),
                has_errors: reader.diagnostics.count() > before,
            };
        }
        let misspelt = self
            .misspelt
            .iter()
            .find(|(suggestion, _)| *suggestion == name);
        if let (None, Some(advice)) = (misspelt, advice) {
            let (owner, span) = match &reader.owner {
                Some((owner, span)) => (format!("`{owner}`"), *span),
                None => ("this entry".to_owned(), self.at),
            };
            let diag = codes::MISSING_FIELD.at(span, [&owner, &name]);
            reader
                .diagnostics
                .push(diag.help(format!("add `{name}`: {}", as_advice(advice))));
        }
        Field {
            key: misspelt.map(|(_, span)| *span),
            value: None,
            has_errors: misspelt.is_some(),
        }
    }
}

/// Returns the first sentence of a field's documentation, for the end of a help.
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
