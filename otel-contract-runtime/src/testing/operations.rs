//! Assertions on the spans of one operation.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity::{is_span_of, location, name};
use super::one_operation::OneOperation;
use super::recording::{Recording, Span};
use super::report::{self, OtherAttributes, Report};
use crate::operation::Operation;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The recorded spans of operation `O`, in the order of their end.
pub struct Operations<O> {
    recording: Arc<Recording>,
    /// Indices of the matching spans.
    found: Vec<usize>,
    /// Text of the filters, for messages.
    filters: String,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Operations<O> {
    pub(super) fn of(recording: Arc<Recording>) -> Self {
        let spans = recording.spans.iter().enumerate();
        let found = spans.filter(|(_, span)| is_span_of::<O>(span));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            filters: String::new(),
            operation: PhantomData,
        }
    }

    /// Selects the spans with these attributes. Other attributes are allowed.
    #[must_use = "this only filters: assert how often the operation happened"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let contract = O::contract();
        let expected = pairs(expected);
        let spans = &self.recording.spans;
        self.found.retain(|index| {
            let got = &spans[*index].attributes;
            report::differences(contract, &expected, got, OtherAttributes::Allowed).is_empty()
        });
        let separator = if self.filters.is_empty() {
            " with "
        } else {
            ", "
        };
        self.filters += separator;
        self.filters +=
            &report::inline(contract, expected.iter().map(|(key, value)| (*key, value)));
        self
    }

    /// Asserts that the operation happened once, and returns assertions on its span.
    ///
    /// # Panics
    ///
    /// Panics if the operation did not happen, or happened more than once.
    #[track_caller]
    pub fn once(self) -> OneOperation<O> {
        let counted = self.times(1);
        OneOperation::new(counted.recording, counted.found[0])
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
    pub fn times(self, count: usize) -> Times<O> {
        if self.found.len() == count {
            return Times {
                recording: self.recording,
                found: self.found,
                operation: PhantomData,
            };
        }
        let (contract, name) = (O::contract(), name::<O>());
        let mut report = Report::new(format!(
            "operation `{name}`{} {}",
            self.filters,
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

/// The spans of an operation, after their number was checked.
pub struct Times<O> {
    recording: Arc<Recording>,
    found: Vec<usize>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Times<O> {
    /// Calls `assert` with each span.
    #[track_caller]
    pub fn each(self, mut assert: impl FnMut(OneOperation<O>)) {
        for index in self.found {
            assert(OneOperation::new(self.recording.clone(), index));
        }
    }
}

macro_rules! debug {
    ($($name:ident)*) => {$(
        impl<O: Operation> fmt::Debug for $name<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut debug = f.debug_struct(stringify!($name));
                debug.field("operation", &name::<O>()).field("found", &self.found);
                debug.finish()
            }
        }
    )*};
}

debug!(Operations Times);
