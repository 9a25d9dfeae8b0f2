//! Assertions on one span of an operation.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity::{is_span_of, location, name};
use super::recording::{Recording, Span};
use super::report::{self, Ending, OtherAttributes, Report};
use super::value;
use crate::attribute::Attribute;
use crate::operation::Operation;
use crate::outcome::Failure;
use opentelemetry::SpanId;
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::SpanContext;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Assertions on one span of operation `O`.
pub struct OneOperation<O> {
    recording: Arc<Recording>,
    index: usize,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> OneOperation<O> {
    pub(super) fn new(recording: Arc<Recording>, index: usize) -> Self {
        Self {
            recording,
            index,
            operation: PhantomData,
        }
    }

    /// Returns the span.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.recording.spans[self.index]
    }

    /// Returns the recorded value of an attribute.
    #[must_use]
    pub fn get<A: Attribute + Expected<O>>(&self) -> Option<&AnyValue> {
        self.span().attribute(A::KEY)
    }

    /// Asserts that the span has these attributes. Other attributes are allowed.
    ///
    /// # Panics
    ///
    /// Panics if an attribute is missing or has another value.
    #[track_caller]
    pub fn with(self, expected: impl Expected<O>) -> Self {
        self.compare(expected, OtherAttributes::Allowed)
    }

    /// Asserts that the span has these attributes and no others, except `error.type`.
    ///
    /// # Panics
    ///
    /// Panics if the attributes differ.
    #[track_caller]
    pub fn exactly(self, expected: impl Expected<O>) -> Self {
        self.compare(expected, OtherAttributes::OutcomeOnly)
    }

    #[track_caller]
    fn compare(self, expected: impl Expected<O>, others: OtherAttributes) -> Self {
        let expected = pairs(expected);
        let got = &self.span().attributes;
        let differences = report::differences(O::contract(), &expected, got, others);
        if differences.is_empty() {
            return self;
        }
        self.fail("does not have the expected attributes", differences)
    }

    /// Asserts that the span does not have this attribute.
    ///
    /// # Panics
    ///
    /// Panics if the span has the attribute.
    #[track_caller]
    pub fn without<A: Attribute + Expected<O>>(self) -> Self {
        let key = A::KEY;
        if let Some(value) = self.span().attribute(key) {
            let got = value::printable(O::contract(), key, value);
            let line = format!("{key}: not expected, got {got}");
            self.fail("has an unexpected attribute", vec![line]);
        }
        self
    }

    /// Asserts that the operation succeeded.
    ///
    /// # Panics
    ///
    /// Panics on any other outcome.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.ended(&Ending::Succeeded, "success")
    }

    /// Asserts that the operation failed with this error class of the contract.
    ///
    /// # Panics
    ///
    /// Panics on any other outcome.
    #[track_caller]
    pub fn failed(self, class: O::ErrorType) -> Self {
        let class = Into::<Failure>::into(class).class().to_owned();
        let description = format!("failure with `{class}`");
        self.ended(&Ending::Failed(class), &description)
    }

    /// Asserts that the operation ended by a panic.
    ///
    /// # Panics
    ///
    /// Panics on any other outcome.
    #[track_caller]
    pub fn panicked(self) -> Self {
        self.ended(&Ending::Panicked, "a panic")
    }

    /// Asserts that the operation was cancelled: dropped before its end.
    ///
    /// # Panics
    ///
    /// Panics on any other outcome.
    #[track_caller]
    pub fn cancelled(self) -> Self {
        self.ended(&Ending::Cancelled, "cancellation")
    }

    #[track_caller]
    fn ended(self, expected: &Ending, description: &str) -> Self {
        let ending = Ending::of(self.span());
        if ending == *expected {
            return self;
        }
        self.fail(format!("{ending}, expected {description}"), Vec::new())
    }

    /// Asserts that the parent is a span of operation `P`.
    ///
    /// # Panics
    ///
    /// Panics if the span has no parent or another parent.
    #[track_caller]
    pub fn child_of<P: Operation>(self) -> Self {
        if self.parent().is_some_and(is_span_of::<P>) {
            return self;
        }
        let expected = name::<P>();
        let got = match self.parent_name() {
            Some(parent) => format!("is a child of {parent}"),
            None => "is a root".to_owned(),
        };
        let error = format!("{got}, expected a child of `{expected}`");
        self.fail(error, Vec::new())
    }

    /// Asserts that an ancestor is a span of operation `P`.
    ///
    /// # Panics
    ///
    /// Panics if no ancestor is a span of `P`.
    #[track_caller]
    pub fn within<P: Operation>(self) -> Self {
        let mut ancestors = Vec::new();
        let mut next = self.parent();
        while let Some(span) = next {
            if is_span_of::<P>(span) {
                return self;
            }
            // In a recording built by hand, parents may form a cycle.
            if ancestors.len() > self.recording.spans.len() {
                break;
            }
            ancestors.push(&*span.name);
            next = self.recording.span(span.trace_id, span.parent_span_id);
        }
        let got = match (ancestors.as_slice(), self.parent_name()) {
            ([], None) => "it is a root".to_owned(),
            ([], Some(parent)) => format!("its parent is {parent}"),
            ([parent], _) => format!("its parent is `{parent}`"),
            (ancestors, _) => format!("its ancestors are {}", report::listed(ancestors)),
        };
        let error = format!("is not within `{}`: {got}", name::<P>());
        self.fail(error, Vec::new())
    }

    /// Asserts that the span has no parent.
    ///
    /// # Panics
    ///
    /// Panics if the span has a parent.
    #[track_caller]
    pub fn root(self) -> Self {
        let Some(parent) = self.parent_name() else {
            return self;
        };
        self.fail(
            format!("is a child of {parent}, expected a root"),
            Vec::new(),
        )
    }

    /// Asserts that the parent is this span, for example the span of a caller in another process.
    ///
    /// # Panics
    ///
    /// Panics if the span has no parent or another parent.
    #[track_caller]
    pub fn child_of_span(self, parent: &SpanContext) -> Self {
        let span = self.span();
        if span.trace_id == parent.trace_id() && span.parent_span_id == parent.span_id() {
            return self;
        }
        let got = match span.parent_span_id {
            SpanId::INVALID => "is a root".to_owned(),
            parent => format!("is a child of span {parent}"),
        };
        let error = format!(
            "{got} in trace {}, expected a child of span {} in trace {}",
            span.trace_id,
            parent.span_id(),
            parent.trace_id(),
        );
        self.fail(error, Vec::new())
    }

    /// Asserts that the span has a link to a span of operation `P`.
    ///
    /// # Panics
    ///
    /// Panics if no link leads to a span of `P`.
    #[track_caller]
    pub fn linked_to<P: Operation>(self) -> Self {
        let links = self.span().links.iter();
        let linked: Vec<Option<&Span>> = links
            .map(|link| self.recording.span(link.trace_id, link.span_id))
            .collect();
        if linked.iter().flatten().any(|span| is_span_of::<P>(span)) {
            return self;
        }
        let names: Vec<String> = linked.into_iter().map(describe).collect();
        let got = match names.as_slice() {
            [] => "has no link".to_owned(),
            names => format!("links to {}", names.join(", ")),
        };
        let error = format!("{got}, expected a link to `{}`", name::<P>());
        self.fail(error, Vec::new())
    }

    /// Asserts that the span has a link to this span.
    ///
    /// # Panics
    ///
    /// Panics if no link leads to the span.
    #[track_caller]
    pub fn linked_to_span(self, linked: &SpanContext) -> Self {
        let (trace, span) = (linked.trace_id(), linked.span_id());
        if self.span().is_linked_to(trace, span) {
            return self;
        }
        let links = self.span().links.iter();
        let links: Vec<String> = links
            .map(|link| format!("links to span {} in trace {}", link.span_id, link.trace_id))
            .collect();
        let error = format!("does not link to span {span} in trace {trace}");
        self.fail(error, links)
    }

    fn parent(&self) -> Option<&Span> {
        let span = self.span();
        self.recording.span(span.trace_id, span.parent_span_id)
    }

    /// Describes the parent for messages; `None` for a root.
    fn parent_name(&self) -> Option<String> {
        let has_parent = self.span().parent_span_id != SpanId::INVALID;
        has_parent.then(|| describe(self.parent()))
    }

    /// Panics with the error, the lines and a description of the span.
    #[track_caller]
    fn fail(&self, error: impl fmt::Display, lines: Vec<String>) -> ! {
        let contract = O::contract();
        Report::new(format!("operation `{}` {error}", name::<O>()))
            .lines(lines)
            .note(format!("the span {}", report::span(contract, self.span())))
            .contract(contract, location::<O>())
            .fail()
    }
}

/// Describes a parent or a linked span for messages.
fn describe(span: Option<&Span>) -> String {
    span.map_or_else(
        || report::ELSEWHERE.to_owned(),
        |span| format!("`{}`", span.name),
    )
}

impl<O: Operation> fmt::Debug for OneOperation<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OneOperation").field(self.span()).finish()
    }
}
