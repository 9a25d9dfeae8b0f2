//! What a registry says, whichever of the two formats it is written in.

use std::collections::HashSet;
use std::fmt::Display;

use otel_contract_model::{
    Code, Diagnostic, Document, Instrument, Location, Node, SpanKind, Stability, Type,
};

/// A place in a registry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) document: &'a Document,
    pub(crate) node: &'a Node,
}

impl<'a> At<'a> {
    /// The same file, at another node.
    pub(crate) fn with(self, node: &'a Node) -> At<'a> {
        At { node, ..self }
    }

    pub(crate) fn fault(self, code: &'static Code, arguments: &[&dyn Display]) -> Diagnostic {
        self.document.fault(code, self.node, arguments)
    }

    /// As `model/http.yaml:12`.
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

/// A file and a line of it.
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

/// Everything of a registry and of its dependencies, as written.
#[derive(Debug, Default)]
pub(crate) struct Registry<'a> {
    /// In the order of files and lines, the registry's own before those of its dependencies.
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) groups: Vec<Group<'a>>,
    pub(crate) imports: Vec<Import<'a>>,
    /// Keys and ids of what was faulty: what refers to them is no further fault.
    pub(crate) faulty: HashSet<String>,
    /// What was read and has no place here: the field, what it is a field of.
    pub(crate) unread: Vec<Unread<'a>>,
}

/// A field, file or entry that is not carried.
#[derive(Debug)]
pub(crate) struct Unread<'a> {
    pub(crate) at: At<'a>,
    /// What has the field: ``metric `http.server.request.duration` ``.
    pub(crate) owner: String,
    pub(crate) field: String,
}

/// The definition of an attribute.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) at: At<'a>,
    pub(crate) key: String,
    pub(crate) kind: Kind<'a>,
    pub(crate) is_dependency: bool,
    pub(crate) common: Common<'a>,
    pub(crate) examples: Option<&'a Node>,
}

/// What definitions of all kinds may say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Common<'a> {
    pub(crate) brief: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) stability: Stability,
    pub(crate) deprecated: Option<Deprecated<'a>>,
    /// What we say under `annotations`.
    pub(crate) ours: Option<&'a Node>,
    /// What code generators are told about a metric's values.
    pub(crate) metric_value_type: Option<&'a str>,
}

/// What values an attribute takes.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Plain(Type),
    Any,
    /// `None`: of any type.
    Template(Option<Type>),
    /// Values, and whether others are refused.
    Enum(Vec<Member<'a>>, bool),
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) at: At<'a>,
    pub(crate) id: &'a str,
    /// The value, its id where there is none.
    pub(crate) value: &'a Node,
    pub(crate) common: Common<'a>,
}

/// That something should not be used any more.
#[derive(Clone, Debug)]
pub(crate) struct Deprecated<'a> {
    pub(crate) renamed_to: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
    pub(crate) obsoleted: bool,
}

/// A group of attributes, or a signal.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) at: At<'a>,
    /// What `extends` and `ref_group` call it: `span.http.client`, `metric.http.server.duration`.
    pub(crate) id: String,
    /// What telemetry calls it.
    pub(crate) name: String,
    pub(crate) signal: Signal,
    pub(crate) is_dependency: bool,
    pub(crate) common: Common<'a>,
    /// Of a metric.
    pub(crate) unit: Option<&'a str>,
    pub(crate) extends: Option<(At<'a>, String)>,
    pub(crate) uses: Vec<Use<'a>>,
    /// How many attributes are defined within it.
    pub(crate) defines: usize,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Signal {
    /// Attributes that travel together.
    Attributes,
    /// Attributes written once to be used in several places.
    Shared,
    /// `None`: the kind of the span it refines, else internal.
    Span(Option<SpanKind>),
    Metric(Option<Instrument>),
    /// A metric of another definition, with other attributes.
    MetricRefinement,
    Event,
    Entity,
}

/// An attribute in use, or a group of them.
#[derive(Clone, Debug)]
pub(crate) enum Use<'a> {
    Attribute(AttributeUse<'a>),
    Group(At<'a>, &'a str),
}

/// An attribute in use.
#[derive(Clone, Debug)]
pub(crate) struct AttributeUse<'a> {
    pub(crate) at: At<'a>,
    /// What it refers to.
    pub(crate) key: String,
    /// The attribute of the contract: of a template, one of its keys.
    pub(crate) full: String,
    /// `None`: as where it comes from, else recommended.
    pub(crate) level: Option<Level>,
    pub(crate) sampling_relevant: Option<bool>,
    /// What we say under `annotations`.
    pub(crate) ours: Option<&'a Node>,
}

/// A requirement level, as a registry writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Required,
    ConditionallyRequired(String),
    Recommended,
    OptIn,
}

/// Signals of dependencies that the registry makes its own.
#[derive(Debug)]
pub(crate) struct Import<'a> {
    pub(crate) at: At<'a>,
    /// `metrics`, `events`, …
    pub(crate) section: &'a str,
    /// A name, with `*` for anything.
    pub(crate) pattern: &'a str,
}
