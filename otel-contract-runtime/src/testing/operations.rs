//! Assertions on the spans of one operation.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity::{is_span_of, location, name};
use super::one_operation::OneOperation;
use super::recording::{Recording, Span};
use super::report::{self, Filters, Report};
use super::times::Times;
use crate::operation::Operation;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The recorded spans of operation `O`, in the order of their end.
pub struct Operations<O> {
    recording: Arc<Recording>,
    /// Indices of the matching spans.
    found: Vec<usize>,
    filters: Filters,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Operations<O> {
    pub(super) fn of(recording: Arc<Recording>) -> Self {
        let spans = recording.spans.iter().enumerate();
        let found = spans.filter(|(_, span)| is_span_of::<O>(span));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            filters: Filters::default(),
            operation: PhantomData,
        }
    }

    /// Selects the spans with these attributes. Other attributes are allowed.
    #[must_use = "this only filters: assert how often the operation happened"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let expected = pairs(expected);
        let spans = &self.recording.spans;
        self.found
            .retain(|index| report::has(&spans[*index].attributes, &expected));
        self.filters.add(expected);
        self
    }

    /// Asserts that the operation happened once, and returns assertions on its span.
    ///
    /// # Panics
    ///
    /// Panics if the operation did not happen, or happened more than once.
    #[track_caller]
    pub fn once(self) -> OneOperation<O> {
        self.times(1).into_first()
    }

    /// Asserts that the operation did not happen.
    ///
    /// # Panics
    ///
    /// Panics if the operation happened.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// Asserts that the operation happened `count` times.
    ///
    /// # Panics
    ///
    /// Panics on any other count.
    #[track_caller]
    pub fn times(self, count: usize) -> Times<OneOperation<O>> {
        if self.found.len() == count {
            let found = self.found.into_iter();
            return Times::new(found.map(|index| OneOperation::new(self.recording.clone(), index)));
        }
        let (contract, name) = (O::contract(), name::<O>());
        let mut report = Report::new(format!(
            "operation `{name}`{} {}",
            self.filters.text(contract),
            report::compare_counts("happened", "did not happen", self.found.len(), count),
        ));
        // If no span matches the filters, the report lists every span of the operation.
        let spans = self.recording.spans.iter().enumerate();
        let listed: Vec<&Span> = spans
            .filter(|(index, span)| {
                is_span_of::<O>(span) && (self.found.is_empty() || self.found.contains(index))
            })
            .map(|(_, span)| span)
            .collect();
        let lines = listed.iter().enumerate();
        report = report.lines(
            lines.map(|(index, span)| format!("{}. {}", index + 1, report::span(contract, span))),
        );
        if self.found.is_empty() {
            let listed = listed.iter().map(|span| &span.attributes);
            report = self.filters.near_miss(report, contract, listed);
        }
        if self.found.len() < count && (listed.is_empty() || self.filters.is_empty()) {
            report = report::missing(
                report,
                &self.recording,
                (contract.name, name),
                !listed.is_empty(),
            );
        }
        report.contract(contract, location::<O>()).fail()
    }
}

impl<O: Operation> fmt::Debug for Operations<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Operations");
        debug.field("operation", &name::<O>());
        debug.field("found", &self.found).finish_non_exhaustive()
    }
}
