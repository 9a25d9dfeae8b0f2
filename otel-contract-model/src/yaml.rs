//! YAML as nodes with positions. The scanner comes from outside ([`crate::scan`]).
//!
//! Depth and size are bounded before aliases are written out, so that they cannot explode.

mod scalars;
mod tree;

pub(crate) use scalars::is_integer;

use std::sync::Arc;

use crate::diagnostics::DiagContext;
use crate::files::Span;
use crate::scan::Scan;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) span: Span,
    /// What it is.
    pub value: Value,
    /// How it is written, where that is a number, a boolean or nothing without quotes.
    written: Option<Arc<str>>,
}

impl Node {
    /// A node of which nothing is known but its value.
    pub(crate) fn new(span: Span, value: Value) -> Node {
        Node {
            span,
            value,
            written: None,
        }
    }

    /// How it is written, where it is a number, a boolean or nothing: `1.10`, `0x1F`, `~`.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        self.written
            .as_deref()
            .filter(|written| !written.is_empty())
    }

    /// An integer that no 64 bits hold.
    #[must_use]
    pub fn is_beyond_integers(&self) -> bool {
        let is_integer = || self.written().is_some_and(scalars::is_integer);
        matches!(self.value, Value::Float(_)) && is_integer()
    }

    /// What a message calls it, without quoting it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.is_beyond_integers() {
            "an integer beyond 64 bits"
        } else {
            self.value.kind()
        }
    }

    /// It as a message quotes it: its text, else how it is written, else its kind.
    #[must_use]
    pub fn shown(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            _ => self.written().unwrap_or(self.kind()),
        }
    }
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// In the order written, duplicates included.
    Map(Vec<(Node, Node)>),
}

impl Value {
    /// What a message calls it.
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

/// Reads a text. `None`: the fault that stopped it is reported.
pub(crate) fn node(
    text: &str,
    file: u32,
    scan: Scan,
    diagnostics: &mut DiagContext,
) -> Option<Node> {
    Some(tree::read(text, file, scan, diagnostics)?.node())
}
