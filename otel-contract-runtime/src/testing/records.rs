//! Assertions on log records.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::identity;
use super::recording::{Record, Recording};
use super::report::{self, OtherAttributes, Report};
use super::sdk::any_value;
use super::value;
use crate::description::Contract;
use crate::operation::Operation;
use opentelemetry::logs::AnyValue;
use opentelemetry::{KeyValue, SpanId};
use std::sync::Arc;

/// The log records of one event of a contract.
#[derive(Clone, Debug)]
pub struct Records {
    recording: Arc<Recording>,
    contract: &'static Contract,
    event: &'static str,
    found: Vec<usize>,
}

/// Assertions on one log record of an event.
#[derive(Clone, Debug)]
pub struct OneRecord {
    records: Records,
}

impl Records {
    #[track_caller]
    pub(super) fn of(recording: Arc<Recording>, contract: &'static Contract, event: &str) -> Self {
        let Some(event) = contract.event(event) else {
            let mut report = Report::new(format!("`{event}` is not an event of the contract"));
            let names = contract.events.iter().map(|event| event.name);
            if let Some(nearest) = value::nearest(event, names) {
                report = report.help(format!("did you mean `{nearest}`?"));
            }
            report.contract(contract, contract.location).fail()
        };
        let is_of_event = |record: &Record| {
            record.event_name.as_deref() == Some(event.name) && record.scope.name() == contract.name
        };
        let records = recording.records.iter().enumerate();
        let found = records.filter(|(_, record)| is_of_event(record));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            contract,
            event: event.name,
        }
    }

    /// Asserts that the event was recorded once, and returns assertions on its record.
    ///
    /// # Panics
    ///
    /// Panics if the event was not recorded, or was recorded more than once.
    #[track_caller]
    pub fn once(self) -> OneRecord {
        OneRecord {
            records: self.times(1),
        }
    }

    /// Asserts that the event was not recorded.
    ///
    /// # Panics
    ///
    /// Panics if the event was recorded.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// Asserts that the event was recorded `count` times.
    ///
    /// # Panics
    ///
    /// Panics on any other count.
    #[track_caller]
    pub fn times(self, count: usize) -> Self {
        let got = self.found.len();
        if got == count {
            return self;
        }
        let counts = report::compare_counts("was recorded", "was not recorded", got, count);
        let lines = self.found.iter().enumerate().map(|(index, record)| {
            let record = &self.recording.records[*record];
            let attributes = record.attributes.iter();
            let pairs = attributes.map(|(key, value)| (key.as_str(), value));
            format!("{}. {}", index + 1, report::inline(self.contract, pairs))
        });
        let mut report = Report::new(format!("event `{}` {counts}", self.event)).lines(lines);
        let mut names: Vec<&str> = self
            .recording
            .records
            .iter()
            .filter_map(|record| record.event_name.as_deref())
            .collect();
        names.sort_unstable();
        names.dedup();
        if self.found.is_empty() && !names.is_empty() {
            report = report.note(format!("events recorded: {}", report::listed(&names)));
        }
        if self.found.is_empty() {
            let outside = self.recording.outside_of(self.contract);
            report = report::lost_scope(report, &outside);
        }
        self.fail(report)
    }

    #[track_caller]
    fn fail(&self, report: Report) -> ! {
        let event = self.contract.event(self.event);
        let location = event.map_or(self.contract.location, |event| event.location);
        report.contract(self.contract, location).fail()
    }
}

impl OneRecord {
    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.records.recording.records[self.records.found[0]]
    }

    /// Asserts that the record has these attributes. Other attributes are allowed.
    ///
    /// # Panics
    ///
    /// Panics if an attribute is missing or has another value.
    #[track_caller]
    pub fn with(self, expected: impl IntoIterator<Item = KeyValue>) -> Self {
        self.compare(expected, OtherAttributes::Allowed)
    }

    /// Asserts that the record has these attributes and no others.
    ///
    /// # Panics
    ///
    /// Panics if the attributes differ.
    #[track_caller]
    pub fn exactly(self, expected: impl IntoIterator<Item = KeyValue>) -> Self {
        self.compare(expected, OtherAttributes::Forbidden)
    }

    #[track_caller]
    fn compare(
        self,
        expected: impl IntoIterator<Item = KeyValue>,
        others: OtherAttributes,
    ) -> Self {
        let pairs: Vec<KeyValue> = expected.into_iter().collect();
        let expected: Vec<(&str, AnyValue)> = pairs
            .iter()
            .map(|pair| (pair.key.as_str(), any_value(pair.value.clone())))
            .collect();
        let contract = self.records.contract;
        let got = &self.record().attributes;
        let differences = report::differences(contract, &expected, got, others);
        if differences.is_empty() {
            return self;
        }
        let error = format!(
            "event `{}` does not have the expected attributes",
            self.records.event
        );
        self.records.fail(Report::new(error).lines(differences))
    }

    /// Asserts that the current span at the time of recording was a span of operation `O`.
    ///
    /// # Panics
    ///
    /// Panics if the event was recorded in another span or without a span.
    #[track_caller]
    pub fn within<O: Operation>(self) -> Self {
        let record = self.record();
        let span = self.records.recording.span(record.trace_id, record.span_id);
        if span.is_some_and(identity::is_span_of::<O>) {
            return self;
        }
        let (event, expected) = (self.records.event, identity::name::<O>());
        let got = match span {
            Some(span) => format!("`{}`", span.name),
            None if record.span_id == SpanId::INVALID => "no span".to_owned(),
            None => report::ELSEWHERE.to_owned(),
        };
        let error = format!("event `{event}` was recorded in {got}, expected `{expected}`");
        self.records.fail(Report::new(error))
    }
}
