//! A registry as written, independent of its format.

use std::collections::HashSet;
use std::fmt::Display;

use otel_contract_model::{
    Code, Diagnostic, Document, Instrument, Location, Node, SpanKind, Stability, Type,
};

/// Node of a registry file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegistryNode<'a> {
    pub(crate) document: &'a Document,
    pub(crate) node: &'a Node,
}

impl<'a> RegistryNode<'a> {
    /// Returns another node of the same file.
    pub(crate) fn with(self, node: &'a Node) -> RegistryNode<'a> {
        RegistryNode { node, ..self }
    }

    pub(crate) fn error(self, code: &'static Code, arguments: &[&dyn Display]) -> Diagnostic {
        self.document.error(code, self.node, arguments)
    }

    /// Returns the position, displayed as `model/http.yaml:12`.
    pub(crate) fn place(self) -> Place {
        Place {
            file: self.document.name().to_string(),
            line: self.node.line(),
        }
    }

    pub(crate) fn location(self) -> Location {
        Location {
            file: self.document.name(),
            line: self.node.line(),
            column: self.node.column(),
        }
    }
}

/// File and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
}

impl Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Everything in a registry and its dependencies, as written.
#[derive(Debug, Default)]
pub(crate) struct Registry<'a> {
    /// The attributes in the order of files and lines. Attributes of the registry come before attributes of its
    /// dependencies.
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) groups: Vec<Group<'a>>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Keys and ids of entries with errors. References to these entries cause no follow-up errors.
    pub(crate) with_errors: HashSet<String>,
    /// Fields that are not converted.
    pub(crate) unread: Vec<Unread<'a>>,
}

/// A field, file or entry that is not converted.
#[derive(Debug)]
pub(crate) struct Unread<'a> {
    pub(crate) at: RegistryNode<'a>,
    /// Owner of the field: ``metric `http.server.request.duration` ``.
    pub(crate) owner: String,
    pub(crate) field: String,
}

/// Definition of an attribute.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) at: RegistryNode<'a>,
    pub(crate) key: String,
    pub(crate) kind: Kind<'a>,
    pub(crate) is_dependency: bool,
    pub(crate) common: Common<'a>,
    pub(crate) examples: Option<&'a Node>,
}

/// Fields that all kinds of definitions share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Common<'a> {
    pub(crate) brief: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) stability: Stability,
    pub(crate) deprecated: Option<Deprecated<'a>>,
    /// Settings of the contract under `annotations`.
    pub(crate) annotation: Option<&'a Node>,
    /// Type of a metric's values, as annotated for code generators.
    pub(crate) metric_value_type: Option<&'a str>,
}

/// Type of an attribute's values.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Plain(Type),
    Any,
    /// Values of a template; `None` for any type.
    Template(Option<Type>),
    /// Listed values, and whether other values are rejected.
    Enum(Vec<Member<'a>>, bool),
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) at: RegistryNode<'a>,
    pub(crate) id: &'a str,
    /// The value, or the id if there is no value.
    pub(crate) value: &'a Node,
    pub(crate) common: Common<'a>,
}

/// A deprecation.
#[derive(Clone, Debug)]
pub(crate) struct Deprecated<'a> {
    pub(crate) renamed_to: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) obsoleted: bool,
}

/// A group of attributes, or a signal.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) at: RegistryNode<'a>,
    /// Id that `extends` and `ref_group` refer to: `span.http.client`, `metric.http.server.duration`.
    pub(crate) id: String,
    /// Name in the telemetry.
    pub(crate) name: String,
    pub(crate) signal: Signal,
    pub(crate) is_dependency: bool,
    pub(crate) common: Common<'a>,
    /// Unit of a metric.
    pub(crate) unit: Option<&'a str>,
    pub(crate) extends: Option<(RegistryNode<'a>, String)>,
    pub(crate) uses: Vec<Use<'a>>,
    /// Number of attributes defined inside the group.
    pub(crate) definition_count: usize,
}

/// Kind of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Signal {
    /// Attributes that are used together.
    Attributes,
    /// Attributes for inclusion in other groups: an attribute group with `visibility: internal`. The contract has no
    /// group for it.
    Shared,
    /// A span. If the kind is missing: the kind of the span that it refines, otherwise `internal`.
    Span(Option<SpanKind>),
    Metric(Option<Instrument>),
    /// A refinement of a metric, with additional attributes.
    MetricRefinement,
    Event,
    Entity,
}

/// A use of an attribute or of a group.
#[derive(Clone, Debug)]
pub(crate) enum Use<'a> {
    Attribute(AttributeUse<'a>),
    Group(RegistryNode<'a>, &'a str),
}

/// A use of an attribute.
#[derive(Clone, Debug)]
pub(crate) struct AttributeUse<'a> {
    pub(crate) at: RegistryNode<'a>,
    /// Key of the referenced definition.
    pub(crate) key: String,
    /// Key in the contract; for a template, one of its keys.
    pub(crate) contract_key: String,
    /// Requirement level. By default, the level of the inherited use, or `recommended`.
    pub(crate) level: Option<Level>,
    pub(crate) sampling_relevant: Option<bool>,
    /// Settings of the contract under `annotations`.
    pub(crate) annotation: Option<&'a Node>,
}

/// A requirement level of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Required,
    ConditionallyRequired(String),
    Recommended,
    OptIn,
}

/// Signals of dependencies that the registry includes.
#[derive(Debug)]
pub(crate) struct Import<'a> {
    pub(crate) at: RegistryNode<'a>,
    /// Kind: `metrics`, `events`, …
    pub(crate) section: &'a str,
    /// Names, with `*` as a wildcard.
    pub(crate) pattern: &'a str,
}
