//! Descriptions of expected values, for messages.

use std::fmt;

/// The value that a type expects in the file. Displays as in messages: `a string`.
#[derive(Clone, Copy, PartialEq, Eq)]
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
    Routes,
    /// A word of a closed set, or a form that is specific to one type.
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
            Expected::Routes => "a route, or a list of routes",
            Expected::Other(noun) => noun,
        })
    }
}
