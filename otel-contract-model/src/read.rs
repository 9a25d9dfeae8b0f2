//! Reads nodes into the types of the file format: one [`Read`] implementation per type. Reading continues after an
//! error.

mod expected;
mod field;
mod fields;
mod forms;

pub(crate) use expected::Expected;
pub(crate) use field::{Entry, Field, Located, Map};
pub(crate) use fields::Fields;

use std::collections::HashMap;

#[cfg(feature = "schema")]
pub(crate) use schemars::JsonSchema as Described;

use crate::codes;
use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::yaml::{Node, Value};

/// The JSON Schema of a type. Without the feature `schema`, the trait is empty and all types implement it.
#[cfg(not(feature = "schema"))]
pub(crate) trait Described {}
#[cfg(not(feature = "schema"))]
impl<T> Described for T {}

/// A type of the file format.
pub(crate) trait Read: Sized + Described {
    /// The value that the type expects in the file.
    const EXPECTED: Expected;
    /// How messages describe a mapping from names to this type.
    const MAP: Expected = Expected::Mapping;

    /// Reads a node. Returns `None` after an error; the error is reported.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
}

/// Collects the errors while a file is read.
pub(crate) struct Reader<'a> {
    pub(crate) diagnostics: &'a mut DiagContext,
    /// The key of the node that is being read.
    key: Option<(String, Span)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(diagnostics: &'a mut DiagContext) -> Self {
        Reader {
            diagnostics,
            key: None,
        }
    }

    /// Reads the value of a key.
    fn read_value<T: Read>(&mut self, key: &str, span: Span, node: &Node) -> Option<T> {
        if matches!(node.value, Value::Null) {
            // `null` has no span.
            return self.wrong_type(T::EXPECTED, &Node::new(span, Value::Null));
        }
        let outer = self.key.replace((key.to_owned(), span));
        let value = T::read(node, self);
        self.key = outer;
        value
    }

    /// Reports a node of the wrong type, and returns `None`.
    pub(crate) fn wrong_type<T>(&mut self, expected: Expected, node: &Node) -> Option<T> {
        self.report_wrong_type(expected, node);
        None
    }

    /// Not generic, so that it is compiled once and not for each type of the format.
    fn report_wrong_type(&mut self, expected: Expected, node: &Node) {
        if node.is_beyond_integers() && expected == Expected::Integer {
            let diag = codes::BEYOND_INTEGERS.at(node.span, [&node.shown()]);
            self.diagnostics.push(diag);
            return;
        }
        let found = node.kind();
        let key = self.key.as_ref().map_or("", |(key, _)| key.as_str());
        let diag = codes::WRONG_TYPE.at(node.span, [&expected, &found]);
        let diag = if matches!(node.value, Value::Null) && node.written().is_none() {
            diag.with_missing_value()
        } else {
            diag
        };
        self.diagnostics
            .push(match forms::form(key, expected, node) {
                Some(help) => diag.help(help),
                None => diag,
            });
    }

    /// Reports a merge key and returns `None`, because the merged fields would be missing. Returns `Some` if there is
    /// no merge key.
    pub(crate) fn reject_merge(&mut self, entries: &[(Node, Node)]) -> Option<()> {
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
        self.reject_merge(entries)?;
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(entries.len());
        let mut unique = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let Value::Text(name) = &key.value else {
                self.report_wrong_type(Expected::String, key);
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

impl<T: Read> Read for Vec<T> {
    const EXPECTED: Expected = Expected::List;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            return reader.wrong_type(Self::EXPECTED, node);
        };
        // A loop, because `collect` is slower to compile, and this function is compiled for each type of the format.
        let mut values = Vec::new();
        for item in items {
            if let Some(value) = T::read(item, reader) {
                values.push(value);
            }
        }
        Some(values)
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
