//! A file as a whole, and the small sections of it.

use super::{
    Attribute, Deprecated, Event, Metric, Metrics, Operation, PrivacyClass, Takeovers, Use, spec,
};
use crate::codes;
use crate::files::Span;
use crate::names;
use crate::read::{Expected, Field, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A telemetry vocabulary, or a part of one that another file includes.
    "a contract" File {
        /// Name of the contract in `snake_case`: the generated module and the instrumentation scope.
        contract: String,
        /// SemVer of the vocabulary, the scope's version, as `1.2.0`.
        version: Version,
        /// Schema URL of the scope.
        schema_url: String,
        /// What the vocabulary is for, in one sentence.
        brief: String,
        /// Who answers for it.
        owners: Vec<Located<String>>,
        /// More files of the same contract, relative to this one.
        include: Vec<Located<String>>,
        /// Names taken over from the bundled semantic conventions: a list, or a mapping to what is said otherwise here.
        semconv: Takeovers,
        /// Public attributes that may travel with requests.
        baggage: Vec<Located<String>>,
        /// What holds where nothing else is said.
        defaults: Defaults,
        /// How many series the contract may produce.
        budget: Budget,
        /// What the resource must say; bundled names need no declaration.
        resource: Map<Use>,
        /// The names telemetry may use.
        attributes: Map<Attribute>,
        /// Attributes that travel together.
        groups: Map<Group>,
        /// The closed set behind `error.type`.
        errors: Map<ErrorClass>,
        /// The business functions engineers talk about in incidents.
        operations: Map<Operation>,
        /// Instruments beside those of the operations.
        metrics: Map<Metric>,
        /// Typed log records.
        events: Map<Event>,
    }

    /// What holds where nothing else is said.
    "`defaults`" Defaults {
        /// Privacy class of attributes that say none: `public` or `internal`.
        privacy: PrivacyClass,
        /// Metrics of operations that say nothing else.
        metrics: Metrics,
    }

    /// How many series the contract may produce.
    "`budget`" Budget {
        /// For each metric.
        series_per_metric: i64,
        /// For all metrics together.
        series: i64,
    }

    /// An error class where more than its brief is said.
    "an error" LongError {
        /// What went wrong, in one sentence.
        brief [required]: String,
        /// That it should no longer be used.
        deprecated: Deprecated,
        /// The Rust name, where the obvious one does not do.
        rust_name: String,
    }

    /// A group where more than its attributes is said.
    "a group" LongGroup {
        /// What it is for, in one sentence.
        brief: String,
        /// The Rust name, where the obvious one does not do.
        rust_name: String,
        /// Its attributes and their requirement levels.
        attributes [required]: Map<Use>,
    }
}

/// Attributes that travel together: `{ key: level }`, or the long form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group(pub(crate) LongGroup);

impl Read for Group {
    const EXPECTED: Expected = Expected::Mapping;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return reader.wrong_type(Self::EXPECTED, node);
        };
        let is_long = |(key, _): &(Node, Node)| matches!(&key.value, Value::Text(key) if LongGroup::fields().contains(&key.as_str()));
        if entries.iter().any(is_long) {
            reader.refuse_merge(entries)?;
            refuse_mixed(entries, reader)?;
            return LongGroup::read(node, reader).map(Group);
        }
        let attributes = Map::read(node, reader)?;
        let attributes = Field::implied(node.span, attributes);
        Some(Group(LongGroup {
            attributes,
            ..LongGroup::default()
        }))
    }
}

/// `{ rust_name: Gee, order.id: required }`: attributes beside the fields of the long form.
fn refuse_mixed(entries: &[(Node, Node)], reader: &mut Reader<'_>) -> Option<()> {
    let keys = || entries.iter().map(|(key, _)| key);
    let named = |node: &Node, name: &str| matches!(&node.value, Value::Text(key) if key == name);
    if keys().any(|key| named(key, "attributes")) {
        return Some(());
    }
    for key in keys() {
        if let Value::Text(name) = &key.value
            && !LongGroup::fields().contains(&name.as_str())
            && names::meant(name, LongGroup::fields()).is_none()
        {
            let fault = codes::UNKNOWN_FIELD.at(key.span, [name, &"a group"]);
            reader.faults.push(fault.help(format!(
                "write `attributes: {{ {name}: … }}`: next to other fields, a group's attributes go under `attributes`"
            )));
            return None;
        }
    }
    Some(())
}

/// An error class: its brief, or the long form.
#[derive(Clone, Debug, Default)]
pub(crate) struct ErrorClass(pub(crate) LongError);

impl Read for ErrorClass {
    const EXPECTED: Expected = Expected::String;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            return LongError::read(node, reader).map(ErrorClass);
        }
        let brief = String::read(node, reader)?;
        if brief.trim().is_empty() {
            let fault = codes::EMPTY_TEXT.at(node.span, [&"brief"]);
            reader.faults.push(fault);
            return None;
        }
        let brief = Field::implied(node.span, brief);
        Some(ErrorClass(LongError {
            brief,
            ..LongError::default()
        }))
    }
}

/// A version as written.
#[derive(Clone, Debug)]
pub(crate) struct Version(pub(crate) String);

impl Read for Version {
    const EXPECTED: Expected = Expected::String;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(Version(text.clone())),
            // `1.2` without quotes: a bad version rather than a bad type.
            Value::Float(_) | Value::Int(_) => Some(Version(node.shown().to_owned())),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl File {
    /// The fields that only the root file may have, and where they stand here.
    pub(crate) fn root_only(&self) -> Vec<(&'static str, Span)> {
        let fields = [
            ("contract", self.contract.key),
            ("version", self.version.key),
            ("schema_url", self.schema_url.key),
            ("brief", self.brief.key),
            ("owners", self.owners.key),
            ("baggage", self.baggage.key),
            ("defaults", self.defaults.key),
            ("budget", self.budget.key),
            ("resource", self.resource.key),
        ];
        fields
            .into_iter()
            .filter_map(|(name, key)| Some((name, key?)))
            .collect()
    }
}
