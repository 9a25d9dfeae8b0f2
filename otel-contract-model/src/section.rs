//! The sections of a contract whose entries have names.

/// A section whose entries are referred to by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Section {
    Attributes,
    Groups,
    Errors,
    Operations,
    Metrics,
    Events,
}

impl Section {
    /// Returns the noun for an entry in messages: `attribute`.
    pub(crate) fn entry(self) -> &'static str {
        match self {
            Section::Attributes => "attribute",
            Section::Groups => "group",
            Section::Errors => "error",
            Section::Operations => "operation",
            Section::Metrics => "metric",
            Section::Events => "event",
        }
    }

    /// Returns the noun for an entry with its article: `an attribute`.
    pub(crate) fn an_entry(self) -> &'static str {
        match self {
            Section::Attributes => "an attribute",
            Section::Groups => "a group",
            Section::Errors => "an error",
            Section::Operations => "an operation",
            Section::Metrics => "a metric",
            Section::Events => "an event",
        }
    }
}
