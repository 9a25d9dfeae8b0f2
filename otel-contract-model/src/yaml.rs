//! YAML as nodes with positions. The scanner comes from outside ([`crate::scan`]).
//!
//! Depth and size are bounded before aliases are written out, so that they cannot explode.

mod scalars;
mod tree;

use crate::diagnostics::Faults;
use crate::scan::Scan;
use crate::source::Span;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) span: Span,
    /// What it is.
    pub value: Value,
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
pub(crate) fn node(text: &str, file: u32, scan: Scan, faults: &mut Faults) -> Option<Node> {
    Some(tree::read(text, file, scan, faults)?.node())
}
