//! Assertions on log records.

// Each assertion may be the last in its chain.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::kind;
use super::recording::{Record, Recording};
use super::report::{self, Others, Report};
use super::sdk::any;
use super::value;
use crate::description::Contract;
use crate::operation::Operation;
use opentelemetry::logs::AnyValue;
use opentelemetry::{KeyValue, SpanId};
use std::sync::Arc;

/// The records of one event of a contract.
#[derive(Clone, Debug)]
pub struct Records {
    recording: Arc<Recording>,
    contract: &'static Contract,
    event: &'static str,
    found: Vec<usize>,
}

/// One record of an event.
#[derive(Clone, Debug)]
pub struct OneRecord {
    records: Records,
}

impl Records {
    #[track_caller]
    pub(super) fn of(recording: Arc<Recording>, contract: &'static Contract, event: &str) -> Self {
        let Some(event) = contract.event(event) else {
            let mut report = Report::new(format!("`{event}` is no event of the contract"));
            let names = contract.events.iter().map(|one| one.name);
            if let Some(nearest) = value::nearest(event, names) {
                report = report.help(format!("did you mean `{nearest}`?"));
            }
            report.contract(contract, contract.location).fail()
        };
        let is = |record: &Record| {
            record.event_name.as_deref() == Some(event.name) && record.scope.name() == contract.name
        };
        let records = recording.records.iter().enumerate();
        let found = records.filter(|(_, record)| is(record));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            contract,
            event: event.name,
        }
    }

    /// It was recorded once; what more is asked is asked of that one.
    ///
    /// # Panics
    ///
    /// When it was not, or more than once.
    #[track_caller]
    pub fn once(self) -> OneRecord {
        OneRecord {
            records: self.times(1),
        }
    }

    /// It was not recorded.
    ///
    /// # Panics
    ///
    /// When it was.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// It was recorded so often.
    ///
    /// # Panics
    ///
    /// When it was not.
    #[track_caller]
    pub fn times(self, count: usize) -> Self {
        let got = self.found.len();
        if got == count {
            return self;
        }
        let times = report::times("was recorded", "was not recorded", got, count);
        let wrong = format!("event `{}` {times}", self.event);
        let lines = self.found.iter().enumerate().map(|(index, record)| {
            let record = &self.recording.records[*record];
            let pairs = record.attributes.iter();
            let pairs = pairs.map(|(key, value)| (key.as_str(), value));
            let attributes = report::inline(self.contract, pairs);
            format!("{}. {attributes}", index + 1)
        });
        let mut report = Report::new(wrong).lines(lines);
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
    /// The record itself.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.records.recording.records[self.records.found[0]]
    }

    /// It has these attributes, among others.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn with(self, expected: impl IntoIterator<Item = KeyValue>) -> Self {
        self.compare(expected, Others::Welcome)
    }

    /// It has these attributes and no others.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn exactly(self, expected: impl IntoIterator<Item = KeyValue>) -> Self {
        self.compare(expected, Others::None)
    }

    #[track_caller]
    fn compare(self, expected: impl IntoIterator<Item = KeyValue>, others: Others) -> Self {
        let expected: Vec<(opentelemetry::Key, AnyValue)> = expected
            .into_iter()
            .map(|pair| (pair.key, any(pair.value)))
            .collect();
        let expected: Vec<(&str, AnyValue)> = expected
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()))
            .collect();
        let contract = self.records.contract;
        let got = &self.record().attributes;
        let differences = report::differences(contract, &expected, got, others);
        if differences.is_empty() {
            return self;
        }
        let wrong = format!(
            "event `{}` does not have the attributes expected",
            self.records.event
        );
        self.records.fail(Report::new(wrong).lines(differences))
    }

    /// It was recorded while operation `O` was the current span.
    ///
    /// # Panics
    ///
    /// When it was not.
    #[track_caller]
    pub fn within<O: Operation>(self) -> Self {
        let record = self.record();
        let span = self.records.recording.span(record.trace_id, record.span_id);
        if span.is_some_and(kind::is::<O>) {
            return self;
        }
        let (event, expected) = (self.records.event, kind::name::<O>());
        let got = match span {
            Some(span) => format!("`{}`", span.name),
            None if record.span_id == SpanId::INVALID => "no span".to_owned(),
            None => report::ELSEWHERE.to_owned(),
        };
        let wrong = format!("event `{event}` was recorded in {got}, expected `{expected}`");
        self.records.fail(Report::new(wrong))
    }
}
