//! Assertions on one log record of an event.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity;
use super::recording::{Record, Recording, find};
use super::report::{self, OtherAttributes, Report};
use super::value;
use crate::attribute::Attribute;
use crate::event::Event;
use crate::operation::Operation;
use opentelemetry::SpanId;
use opentelemetry::logs::AnyValue;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Assertions on one log record of event `E`.
pub struct OneEvent<E> {
    recording: Arc<Recording>,
    index: usize,
    event: PhantomData<fn() -> E>,
}

impl<E: Event> OneEvent<E> {
    pub(super) fn new(recording: Arc<Recording>, index: usize) -> Self {
        Self {
            recording,
            index,
            event: PhantomData,
        }
    }

    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.recording.records[self.index]
    }

    /// Returns the recorded value of an attribute.
    #[must_use]
    pub fn get<A: Attribute + Expected<E>>(&self) -> Option<&AnyValue> {
        find(&self.record().attributes, A::KEY)
    }

    /// Asserts that the record has these attributes. Other attributes are allowed.
    ///
    /// # Panics
    ///
    /// Panics if an attribute is missing or has another value.
    #[track_caller]
    pub fn with(self, expected: impl Expected<E>) -> Self {
        self.compare(expected, OtherAttributes::Allowed)
    }

    /// Asserts that the record has these attributes and no others. `error.type` is an attribute like any other.
    ///
    /// # Panics
    ///
    /// Panics if the attributes differ.
    #[track_caller]
    pub fn exactly(self, expected: impl Expected<E>) -> Self {
        self.compare(expected, OtherAttributes::Forbidden)
    }

    #[track_caller]
    fn compare(self, expected: impl Expected<E>, others: OtherAttributes) -> Self {
        let expected = pairs(expected);
        let got = &self.record().attributes;
        let differences = report::differences(E::contract(), &expected, got, others);
        if differences.is_empty() {
            return self;
        }
        self.fail("does not have the expected attributes", differences)
    }

    /// Asserts that the record does not have this attribute.
    ///
    /// # Panics
    ///
    /// Panics if the record has the attribute.
    #[track_caller]
    pub fn without<A: Attribute + Expected<E>>(self) -> Self {
        let key = A::KEY;
        if let Some(value) = find(&self.record().attributes, key) {
            let got = value::printable(E::contract(), key, value);
            let line = format!("{key}: not expected, got {got}");
            self.fail("has an unexpected attribute", vec![line]);
        }
        self
    }

    /// Asserts that the current span at the time of recording was a span of operation `O`.
    ///
    /// # Panics
    ///
    /// Panics if the event was recorded in another span or without a span.
    #[track_caller]
    pub fn within<O: Operation>(self) -> Self {
        let record = self.record();
        let span = self.recording.span(record.trace_id, record.span_id);
        if span.is_some_and(identity::is_span_of::<O>) {
            return self;
        }
        let got = match span {
            Some(span) => format!("`{}`", span.name),
            None if record.span_id == SpanId::INVALID => "no span".to_owned(),
            None => report::ELSEWHERE.to_owned(),
        };
        let expected = identity::name::<O>();
        let error = format!("was recorded in {got}, expected `{expected}`");
        self.fail(error, Vec::new())
    }

    /// Panics with the error, the lines and a description of the record.
    #[track_caller]
    fn fail(&self, error: impl fmt::Display, lines: Vec<String>) -> ! {
        let contract = E::contract();
        let report = Report::new(format!("event `{}` {error}", identity::event_name::<E>()));
        let report = report.lines(lines);
        let attributes = &self.record().attributes;
        match report::inline(contract, report::borrowed(attributes)) {
            attributes if attributes.is_empty() => report.note("the record has no attributes"),
            attributes => report.note(format!("the record has {attributes}")),
        }
        .contract(contract, identity::event_location::<E>())
        .fail()
    }
}

impl<E: Event> fmt::Debug for OneEvent<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OneEvent").field(self.record()).finish()
    }
}
