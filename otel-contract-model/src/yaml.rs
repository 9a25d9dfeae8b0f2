//! YAML as nodes with locations. The scanner is a parameter ([`crate::scan`]).
//!
//! Depth and size are limited before aliases are expanded, so that aliases cannot exhaust memory.

mod scalars;
mod tree;

pub(crate) use scalars::is_integer;

use std::sync::Arc;

use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::scan::Scan;

/// A YAML value with its location.
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) span: Span,
    /// The value.
    pub value: Value,
    /// The source text of a number, a boolean or `null`.
    written: Option<Arc<str>>,
}

impl Node {
    /// Creates a node without a source text.
    pub(crate) fn new(span: Span, value: Value) -> Node {
        Node {
            span,
            value,
            written: None,
        }
    }

    /// Returns the source text of a number, a boolean or `null`: `1.10`, `0x1F`, `~`.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        self.written
            .as_deref()
            .filter(|written| !written.is_empty())
    }

    /// Returns whether this is an integer that does not fit in 64 bits.
    #[must_use]
    pub fn is_beyond_integers(&self) -> bool {
        let is_integer = || self.written().is_some_and(scalars::is_integer);
        matches!(self.value, Value::Float(_)) && is_integer()
    }

    /// Returns the kind of the value as named in messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.is_beyond_integers() {
            "an integer beyond 64 bits"
        } else {
            self.value.kind()
        }
    }

    /// Returns the value as quoted in messages: the text of a string, the source text of another scalar, or the kind.
    #[must_use]
    pub fn shown(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            _ => self.written().unwrap_or(self.kind()),
        }
    }
}

/// The value of a node.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, or no value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits in 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order written, including duplicate keys.
    Map(Vec<(Node, Node)>),
}

impl Value {
    /// Returns the kind of the value as named in messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Parses a text. Returns `None` after an error; the error is reported.
pub(crate) fn node(
    text: &str,
    file: u32,
    scan: Scan,
    diagnostics: &mut DiagContext,
) -> Option<Node> {
    Some(tree::read(text, file, scan, diagnostics)?.node())
}
