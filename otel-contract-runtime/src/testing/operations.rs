//! Assertions on the spans of one operation.

// Each assertion may be the last in its chain.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::kind::{is, location, name};
use super::one::OneOperation;
use super::recording::{Recording, Span};
use super::report::{self, Others, Report};
use crate::operation::Operation;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Every time an operation happened, in the order they ended.
pub struct Operations<O> {
    recording: Arc<Recording>,
    found: Vec<usize>,
    /// What was asked beside the operation, for messages.
    asked: String,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Operations<O> {
    pub(super) fn of(recording: Arc<Recording>) -> Self {
        let spans = recording.spans.iter().enumerate();
        let found = spans.filter(|(_, span)| is::<O>(span));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            asked: String::new(),
            operation: PhantomData,
        }
    }

    /// Only those with these attributes, among others.
    #[must_use = "this only chooses: say how often it happened"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let contract = O::contract();
        let expected = pairs(expected);
        let spans = &self.recording.spans;
        self.found.retain(|index| {
            let got = &spans[*index].attributes;
            report::differences(contract, &expected, got, Others::Welcome).is_empty()
        });
        let joint = if self.asked.is_empty() {
            " with "
        } else {
            ", "
        };
        self.asked += joint;
        self.asked += &report::inline(contract, expected.iter().map(|(key, value)| (*key, value)));
        self
    }

    /// It happened once; what more is asked is asked of that one.
    ///
    /// # Panics
    ///
    /// When it did not happen, or more than once.
    #[track_caller]
    pub fn once(self) -> OneOperation<O> {
        let this = self.times(1);
        OneOperation::new(this.recording, this.found[0])
    }

    /// It did not happen.
    ///
    /// # Panics
    ///
    /// When it did.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// It happened so often.
    ///
    /// # Panics
    ///
    /// When it did not.
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
            self.asked,
            report::times("happened", "did not happen", self.found.len(), count),
        ));
        // Where none was found, what came near.
        let spans = self.recording.spans.iter().enumerate();
        let shown: Vec<&Span> = spans
            .filter(|(index, span)| {
                is::<O>(span) && (self.found.is_empty() || self.found.contains(index))
            })
            .map(|(_, span)| span)
            .collect();
        let lines = shown.iter().enumerate();
        report = report.lines(
            lines.map(|(index, span)| format!("{}. {}", index + 1, report::span(contract, span))),
        );
        if self.found.len() < count && (shown.is_empty() || self.asked.is_empty()) {
            report = report::missing(report, &self.recording, name);
        }
        report.contract(contract, location::<O>()).fail()
    }
}

/// The times an operation happened, counted.
pub struct Times<O> {
    recording: Arc<Recording>,
    found: Vec<usize>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Times<O> {
    /// Asks each of them.
    #[track_caller]
    pub fn each(self, mut ask: impl FnMut(OneOperation<O>)) {
        for index in self.found {
            ask(OneOperation::new(self.recording.clone(), index));
        }
    }
}

macro_rules! debug {
    ($($name:ident)*) => {$(
        impl<O: Operation> fmt::Debug for $name<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                shown.field("operation", &name::<O>()).field("found", &self.found);
                shown.finish()
            }
        }
    )*};
}

debug!(Operations Times);
