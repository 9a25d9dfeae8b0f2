//! The interface to a YAML scanner, which `otel-contract-yaml` implements.
//!
//! A text contains at most one [`Event::Document`] with one value. A value is a scalar, an alias, or a list or mapping.
//! A list or mapping contains values between its start event and its end event; in a mapping they are alternately keys
//! and values. Any other sequence of events is reported as invalid YAML.

use std::borrow::Cow;
use std::ops::ControlFlow;

/// A scanner. Passes the events of a text to the handler, in order, until the text ends or the handler returns `Break`.
///
/// The scanner is a function pointer, so the model does not depend on the scanner, and cargo builds both in parallel.
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

/// A range of a text. Empty for the start of a block list or mapping, which has no opening character.
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
    /// Description of the error.
    pub message: &'static str,
    /// How to fix the error, if known.
    pub help: Option<&'static str>,
}
