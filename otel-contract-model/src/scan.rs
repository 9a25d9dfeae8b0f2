//! What a scanner of YAML tells: the border to the crate that brings one (`otel-contract-yaml`).
//!
//! A text is at most one [`Event::Document`] with one value in it: a scalar, an alias, or a list or mapping with the
//! values between its begin and its end. A mapping has a key and a value in turn. Anything else is told as text
//! that is no YAML.

use std::borrow::Cow;
use std::ops::ControlFlow;

/// Tells the events of a text, in order, until they are over or it is told to break off.
///
/// A function, so that the model is built beside the scanner, not after it.
pub type Scan = fn(text: &str, on_event: &mut EventHandler<'_>) -> Result<(), SyntaxError>;

/// Takes an event and where it stands.
pub type EventHandler<'a> = dyn FnMut(Event<'_>, Extent) -> ControlFlow<()> + 'a;

/// What comes next in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A document begins.
    Document,
    /// A value that is neither a list nor a mapping.
    Scalar {
        /// Without quotes, escapes resolved.
        text: Cow<'a, str>,
        /// Written without quotes: a number, a boolean or nothing is one.
        plain: bool,
        /// What comes with it.
        properties: Properties,
    },
    /// A list begins.
    List(Properties),
    /// A mapping begins; its keys and values take turns.
    Map(Properties),
    /// The list that began last is over.
    ListEnd,
    /// The mapping that began last is over.
    MapEnd,
    /// What was anchored under this number comes again.
    Alias(usize),
}

/// What may stand before a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// `&name`, as a number of its own from 1.
    pub anchor: Option<usize>,
    /// `!tag`.
    pub tagged: bool,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// From one place up to another; nothing between them where something begins that has no sign of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first character.
    pub start: Position,
    /// After the last one.
    pub end: Position,
}

/// What no YAML is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub at: Position,
    /// What is wrong there.
    pub message: &'static str,
    /// What to do about it, where that is known.
    pub help: Option<&'static str>,
}
