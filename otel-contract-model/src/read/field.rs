//! Values with locations: fields, entries and mappings.

use std::fmt;

use super::{Expected, Read, Reader};
use crate::files::Span;
use crate::yaml::{Node, Value};

/// A value and its location.
#[derive(Clone)]
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

impl<T: fmt::Display> Located<T> {
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
#[derive(Clone)]
pub(crate) struct Field<T> {
    /// The location of the field's name.
    pub(crate) key: Option<Span>,
    pub(super) value: Option<Located<T>>,
    /// Some part of the field is invalid.
    pub(super) has_errors: bool,
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
    /// Creates a field whose value is not written, but derived from the text at `span`.
    pub(crate) fn implied(span: Span, value: T) -> Self {
        Field {
            key: Some(span),
            value: Some(Located::new(span, value)),
            has_errors: false,
        }
    }

    /// Creates a field from a value that is written without a field name.
    pub(crate) fn without_name(value: Located<T>) -> Self {
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

    /// Returns whether the field is written but its whole value is invalid. The error is already reported.
    pub(crate) fn is_invalid(&self) -> bool {
        self.key.is_some() && self.value.is_none()
    }

    /// Returns whether the field is written but its value is invalid, as a whole or in parts. The error is already
    /// reported.
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
#[derive(Clone)]
pub(crate) struct Map<T>(pub(crate) Vec<Entry<T>>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Map(Vec::new())
    }
}

/// A named entry. The value is `None` if it could not be read.
#[derive(Clone)]
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
        // A loop, because `collect` is slower to compile, and this function is compiled for each type of the format.
        let mut entries = Vec::new();
        for (name, span, value) in reader.entries(node)? {
            entries.push(Entry {
                value: reader.read_value(name, span, value),
                name: Located::new(span, name.to_owned()),
            });
        }
        Some(Map(entries))
    }
}
