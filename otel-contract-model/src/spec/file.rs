//! A file of a contract, and its small sections.

use super::{
    Attribute, Deprecated, Event, Imports, Metric, Metrics, Operation, PrivacyClass, Use, spec,
};
use crate::codes;
use crate::contract::Severity;
use crate::files::Span;
use crate::names;
use crate::read::{Expected, Field, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A telemetry vocabulary, or a part of it in an included file.
    "a contract" File {
        /// Name of the contract, the generated module and the instrumentation scope, in `snake_case`.
        contract: String => "contract: billing",
        /// SemVer version of the vocabulary and the instrumentation scope: `1.2.0`.
        version: Version => "version: 1.2.0",
        /// Schema URL of the instrumentation scope.
        schema_url: String => "schema_url: https://telemetry.acme.example/schemas/billing/1.2.0",
        /// Purpose of the vocabulary, in one sentence.
        brief: String => "brief: Words the billing services may use in telemetry.",
        /// Teams or people responsible for the contract.
        owners: Vec<Located<String>> => "owners: [billing-team]",
        /// Further files of the contract, relative to this file.
        include: Vec<Located<String>> => "include: [shared/account.yaml]",
        /// Attributes imported from the bundled semantic conventions: a list, or a mapping to refinements.
        semconv: Imports => "semconv: [http.request.method, http.response.status_code]",
        /// Public attributes that requests may carry as baggage.
        baggage: Vec<Located<String>> => "baggage: [account.tier]",
        /// Defaults for fields that an entry does not set.
        defaults: Defaults => "defaults: { privacy: internal }",
        /// Maximum number of series that the contract may produce.
        budget: Budget => "budget: { series_per_metric: 500, series: 5000 }",
        /// Attributes of the resource; semantic-convention attributes need no declaration.
        resource: Map<Use> => "resource: { service.name: required }",
        /// Attributes that telemetry may use.
        attributes: Map<Attribute> => "attributes: { queue.name: { type: string, cardinality: bounded, limit: 50, privacy: public, brief: Queue. } }",
        /// Attributes that are used together.
        groups: Map<Group> => "groups: { account: { account.id: required, account.tier: required } }",
        /// Error classes: the closed set of values of `error.type`.
        errors: Map<ErrorClass> => "errors: { order_not_found: No order has that identifier. }",
        /// Business operations that engineers talk about in incidents.
        operations: Map<Operation> => "operations: { invoice.create: { brief: Create the invoice of a paid order. } }",
        /// Metrics that the code records explicitly. Operations record their metrics automatically.
        metrics: Map<Metric> => r#"metrics: { payment.retries: { instrument: counter, unit: "{retry}", brief: Retries. } }"#,
        /// Typed log records.
        events: Map<Event> => "events: { invoice.rejected: { severity: warn, brief: The gateway rejected the invoice. } }",
    }

    /// Defaults for fields that an entry does not set.
    "`defaults`" Defaults {
        /// Privacy class of attributes without `privacy`: `public` or `internal`.
        privacy: PrivacyClass => "privacy: internal",
        /// Metrics of operations; an operation's own `metrics` overrides single fields.
        metrics: Metrics => "metrics: false" or "`duration` with `error.type`",
    }

    /// Maximum number of series that the contract may produce.
    "`budget`" Budget {
        /// Maximum for each metric.
        series_per_metric: i64 => "series_per_metric: 500" or "100000",
        /// Maximum for all metrics together.
        series: i64 => "series: 5000" or "no maximum",
    }

    /// The long form of an error class.
    "an error" LongError {
        /// Meaning of the error, in one sentence.
        brief [required]: String => "brief: No order has that identifier.",
        /// Level of the `tracing` event of a failure with this class; `fatal` becomes `error`.
        severity: Severity => "severity: info" or "error",
        /// Whether the error is an expected outcome. The span keeps the status `Unset`, and the error is not logged;
        /// `error.type` is recorded as for any other class.
        expected: bool => "expected: true" or "false",
        /// Marks the error class as deprecated.
        deprecated: Deprecated => "deprecated: { since: 1.3.0, note: Use order_unknown. }",
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: OrderMissing" or "the name in `CamelCase`",
    }

    /// The long form of a group.
    "a group" LongGroup {
        /// Purpose of the group, in one sentence.
        brief: String => "brief: Who pays.",
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: Payer" or "the name in `CamelCase`",
        /// Attributes of the group and their requirement levels.
        attributes [required]: Map<Use> => "attributes: { account.id: required }",
    }
}

/// A group of attributes: `{ key: level }`, or the long form.
#[derive(Clone, Default)]
pub(crate) struct Group(pub(crate) LongGroup);

impl Read for Group {
    const EXPECTED: Expected = Expected::Mapping;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            return reader.wrong_type(Self::EXPECTED, node);
        };
        let is_long = |(key, _): &(Node, Node)| matches!(&key.value, Value::Text(key) if LongGroup::fields().contains(&key.as_str()));
        if entries.iter().any(is_long) {
            reader.reject_merge(entries)?;
            reject_mixed(entries, reader)?;
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

/// Rejects attributes among the fields of the long form: `{ rust_name: Gee, order.id: required }`.
fn reject_mixed(entries: &[(Node, Node)], reader: &mut Reader<'_>) -> Option<()> {
    let keys = || entries.iter().map(|(key, _)| key);
    let named = |node: &Node, name: &str| matches!(&node.value, Value::Text(key) if key == name);
    if keys().any(|key| named(key, "attributes")) {
        return Some(());
    }
    for key in keys() {
        if let Value::Text(name) = &key.value
            && !LongGroup::fields().contains(&name.as_str())
            && names::suggestion(name, LongGroup::fields()).is_none()
        {
            let diag = codes::UNKNOWN_FIELD.at(key.span, [name, &"a group"]);
            reader.diagnostics.push(diag.help(format!(
                "write `attributes: {{ {name}: … }}`: a group with other fields lists its attributes under `attributes`"
            )));
            return None;
        }
    }
    Some(())
}

/// An error class: its brief, or the long form.
#[derive(Clone, Default)]
pub(crate) struct ErrorClass(pub(crate) LongError);

impl Read for ErrorClass {
    const EXPECTED: Expected = Expected::String;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            return LongError::read(node, reader).map(ErrorClass);
        }
        let brief = String::read(node, reader)?;
        if brief.trim().is_empty() {
            let diag = codes::EMPTY_TEXT.at(node.span, [&"brief"]);
            reader.diagnostics.push(diag);
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
#[derive(Clone)]
pub(crate) struct Version(pub(crate) String);

impl Read for Version {
    const EXPECTED: Expected = Expected::String;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(Version(text.clone())),
            // `1.2` without quotes is reported as an invalid version, not as a wrong type.
            Value::Float(_) | Value::Int(_) => Some(Version(node.shown().to_owned())),
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

impl File {
    /// Returns the fields of this file that only the root file may have.
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
