//! The interface to a YAML scanner, which `otel-contract-yaml` implements.
//!
//! A text has at most one [`Event::Document`] with one value: a scalar, an alias, or a list or mapping with values
//! between its start and end. The values of a mapping are alternately keys and values. Other event sequences are
//! reported as invalid YAML.

use std::borrow::Cow;
use std::ops::ControlFlow;

/// A scanner: passes the events of a text to the handler, in order, until the end or until the handler breaks off.
///
/// The scanner is passed as a function, so that cargo builds the model in parallel with the scanner's dependencies.
pub type Scan = fn(text: &str, on_event: &mut EventHandler<'_>) -> Result<(), SyntaxError>;

/// A handler of an event and its location.
pub type EventHandler<'a> = dyn FnMut(Event<'_>, Extent) -> ControlFlow<()> + 'a;

/// An event of a YAML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Start of a document.
    Document,
    /// A value that is neither a list nor a mapping.
    Scalar {
        /// The text without quotes, with escapes resolved.
        text: Cow<'a, str>,
        /// Whether the scalar is written without quotes, and so may be a number, a boolean or `null`.
        plain: bool,
        /// The anchor and the tag.
        properties: Properties,
    },
    /// Start of a list.
    List(Properties),
    /// Start of a mapping. Its keys and values alternate.
    Map(Properties),
    /// End of the innermost list.
    ListEnd,
    /// End of the innermost mapping.
    MapEnd,
    /// An alias of the anchor with this number.
    Alias(usize),
}

/// The properties of a value: anchor and tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The number of the anchor `&name`, from 1.
    pub anchor: Option<usize>,
    /// Whether the value has a tag: `!tag`.
    pub tagged: bool,
}

/// A position in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A range of a text. Empty for a block list or mapping, which starts without a character of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The position of the first character.
    pub start: Position,
    /// The position after the last character.
    pub end: Position,
}

/// An error of the YAML syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The position of the error.
    pub at: Position,
    /// What is wrong.
    pub message: &'static str,
    /// How to fix it, if known.
    pub help: Option<&'static str>,
}
