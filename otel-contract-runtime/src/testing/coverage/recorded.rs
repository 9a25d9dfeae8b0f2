//! Entries of a contract that telemetry recorded.

use super::names;
use crate::description::Contract;
use crate::testing::recording::{Attributes, Point, Record, Recording, Span, text};
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;

/// Names of the recorded entries of one contract. Other text is never added: only names and values that the contract
/// lists.
pub(super) struct Recorded {
    contract: &'static Contract,
    names: BTreeSet<String>,
}

impl Recorded {
    pub(super) fn new(contract: &'static Contract) -> Self {
        Self {
            contract,
            names: BTreeSet::new(),
        }
    }

    pub(super) fn of(contract: &'static Contract, recording: &Recording) -> Self {
        let mut recorded = Self::new(contract);
        for span in &recording.spans {
            recorded.add_span(span);
        }
        for point in &recording.points {
            recorded.add_point(point);
        }
        for record in &recording.records {
            recorded.add_record(record);
        }
        recorded
    }

    pub(super) fn contract(&self) -> &'static Contract {
        self.contract
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) fn into_names(self) -> BTreeSet<String> {
        self.names
    }

    pub(super) fn add_span(&mut self, span: &Span) {
        if !self.is_own(&span.scope) {
            return;
        }
        self.add_attributes(&span.attributes);
        let Some(operation) = self.contract.operation(&span.name) else {
            return;
        };
        self.names.insert(names::operation(operation.name));
        if let Some(class) = self.error(&span.attributes) {
            self.names.insert(names::error_of(class, operation.name));
        }
    }

    pub(super) fn add_point(&mut self, point: &Point) {
        if !self.is_own(&point.scope) {
            return;
        }
        self.add_attributes(&point.attributes);
        if let Some(metric) = self.contract.metric(&point.metric) {
            self.names.insert(names::metric(metric.name));
        }
    }

    pub(super) fn add_record(&mut self, record: &Record) {
        if !self.is_own(&record.scope) {
            return;
        }
        self.add_attributes(&record.attributes);
        let name = record.event_name.as_deref();
        if let Some(event) = name.and_then(|name| self.contract.event(name)) {
            self.names.insert(names::event(event.name));
        }
    }

    /// Whether telemetry of this instrumentation scope belongs to the contract. Other versions of the contract are
    /// separate; raw instrumentation may leave the version out.
    fn is_own(&self, scope: &InstrumentationScope) -> bool {
        let is_version = |version| version == self.contract.version;
        scope.name() == self.contract.name && scope.version().is_none_or(is_version)
    }

    /// Adds the listed values, and the error class.
    fn add_attributes(&mut self, attributes: &Attributes) {
        if let Some(class) = self.error(attributes) {
            self.names.insert(names::error(class));
        }
        for (key, value) in attributes {
            let Some(attribute) = self.contract.attribute(key.as_str()) else {
                continue;
            };
            let value = match value {
                AnyValue::String(text) => text.as_str().to_owned(),
                AnyValue::Int(value) => value.to_string(),
                _ => continue,
            };
            if attribute.values.contains(&&*value) {
                self.names.insert(names::value(attribute.key, &value));
            }
        }
    }

    /// Returns the error class of the contract that is recorded as `error.type`.
    fn error(&self, attributes: &Attributes) -> Option<&'static str> {
        let class = text(attributes, "error.type")?;
        let mut errors = self.contract.errors.iter();
        errors
            .find(|error| error.name == class)
            .map(|error| error.name)
    }
}
