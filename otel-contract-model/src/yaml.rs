//! YAML as nodes with positions: the one module that knows the YAML crates.
//!
//! `saphyr-parser` says where everything stands, `serde_yaml` says what it is. The positions are
//! read first: they bound depth and size, so that aliases cannot make the values explode.

mod positions;
mod syntax;
mod values;

use crate::diagnostics::Faults;
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
pub(crate) fn node(text: &str, file: u32, faults: &mut Faults) -> Option<Node> {
    let root = positions::read(text, file, faults)?;
    values::read(text, &root, faults)
}
