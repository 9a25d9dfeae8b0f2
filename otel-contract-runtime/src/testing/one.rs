//! Assertions on one span of an operation.

// Each assertion may be the last in its chain.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::kind::{is, location, name};
use super::recording::{Recording, Span};
use super::report::{self, Ending, Others, Report};
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

/// One time an operation happened.
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

    /// The span itself.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.recording.spans[self.index]
    }

    /// The value recorded for an attribute.
    #[must_use]
    pub fn get<A: Attribute + Expected<O>>(&self) -> Option<&AnyValue> {
        self.span().attribute(A::KEY)
    }

    /// It has these attributes, among others.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn with(self, expected: impl Expected<O>) -> Self {
        self.compare(expected, Others::Welcome)
    }

    /// It has these attributes and no others; `error.type` is the outcome's.
    ///
    /// # Panics
    ///
    /// When it has not.
    #[track_caller]
    pub fn exactly(self, expected: impl Expected<O>) -> Self {
        self.compare(expected, Others::Outcome)
    }

    #[track_caller]
    fn compare(self, expected: impl Expected<O>, others: Others) -> Self {
        let expected = pairs(expected);
        let got = &self.span().attributes;
        let differences = report::differences(O::contract(), &expected, got, others);
        if differences.is_empty() {
            return self;
        }
        let wrong = "does not have the attributes expected";
        self.fail(wrong, differences)
    }

    /// It does not have this attribute.
    ///
    /// # Panics
    ///
    /// When it has.
    #[track_caller]
    pub fn without<A: Attribute + Expected<O>>(self) -> Self {
        let key = A::KEY;
        if let Some(value) = self.span().attribute(key) {
            let got = value::shown(O::contract(), key, value);
            let line = format!("{key}: not expected, got {got}");
            self.fail("has an attribute that was not expected", vec![line]);
        }
        self
    }

    /// It succeeded.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.ended(&Ending::Succeeded, "success")
    }

    /// It failed with this class of its contract.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn failed(self, class: O::ErrorType) -> Self {
        let class = Into::<Failure>::into(class).class().to_owned();
        let wanted = format!("failure with `{class}`");
        self.ended(&Ending::Failed(class), &wanted)
    }

    /// It ended by a panic.
    ///
    /// # Panics
    ///
    /// When it did not.
    #[track_caller]
    pub fn panicked(self) -> Self {
        self.ended(&Ending::Panicked, "a panic")
    }

    /// It was dropped before its end.
    ///
    /// # Panics
    ///
    /// When it was not.
    #[track_caller]
    pub fn cancelled(self) -> Self {
        self.ended(&Ending::Cancelled, "cancellation")
    }

    #[track_caller]
    fn ended(self, wanted: &Ending, said: &str) -> Self {
        let ending = Ending::of(self.span());
        if ending == *wanted {
            return self;
        }
        self.fail(format!("{ending}, expected {said}"), Vec::new())
    }

    /// Its parent is a span of operation `P`.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    pub fn child_of<P: Operation>(self) -> Self {
        if self.parent().is_some_and(is::<P>) {
            return self;
        }
        let expected = name::<P>();
        let said = match self.parent_name() {
            Some(parent) => format!("is a child of {parent}"),
            None => "is a root".to_owned(),
        };
        let said = format!("{said}, expected a child of `{expected}`");
        self.fail(said, Vec::new())
    }

    /// One of the spans above it is of operation `P`.
    ///
    /// # Panics
    ///
    /// When none is.
    #[track_caller]
    pub fn within<P: Operation>(self) -> Self {
        let mut above = Vec::new();
        let mut next = self.parent();
        while let Some(span) = next {
            if is::<P>(span) {
                return self;
            }
            // A recording put together by hand may go in circles.
            if above.len() > self.recording.spans.len() {
                break;
            }
            above.push(&*span.name);
            next = self.recording.span(span.trace_id, span.parent_span_id);
        }
        let above = match (above.as_slice(), self.parent_name()) {
            ([], None) => "it is a root".to_owned(),
            ([], Some(parent)) => format!("above it is {parent}"),
            (above, _) => format!("above it is {}", report::listed(above)),
        };
        let said = format!("is not within `{}`: {above}", name::<P>());
        self.fail(said, Vec::new())
    }

    /// It has no parent.
    ///
    /// # Panics
    ///
    /// When it has one.
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

    /// Its parent is this span, such as that of a caller in another process.
    ///
    /// # Panics
    ///
    /// When it is not.
    #[track_caller]
    pub fn child_of_span(self, parent: &SpanContext) -> Self {
        let span = self.span();
        if span.trace_id == parent.trace_id() && span.parent_span_id == parent.span_id() {
            return self;
        }
        let said = format!(
            "is a child of span {} in trace {}, expected of span {} in trace {}",
            span.parent_span_id,
            span.trace_id,
            parent.span_id(),
            parent.trace_id(),
        );
        self.fail(said, Vec::new())
    }

    /// It links a span of operation `P`.
    ///
    /// # Panics
    ///
    /// When it does not.
    #[track_caller]
    pub fn linked_to<P: Operation>(self) -> Self {
        let links = self.span().links.iter();
        let linked = links.map(|link| self.recording.span(link.trace_id, link.span_id));
        let linked: Vec<Option<&Span>> = linked.collect();
        if linked.iter().flatten().any(|span| is::<P>(span)) {
            return self;
        }
        let names: Vec<String> = linked.into_iter().map(said_of).collect();
        let links = match names.as_slice() {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        let said = format!("links {links}, expected `{}`", name::<P>());
        self.fail(said, Vec::new())
    }

    /// It links this span.
    ///
    /// # Panics
    ///
    /// When it does not.
    #[track_caller]
    pub fn linked_to_span(self, linked: &SpanContext) -> Self {
        let (trace, span) = (linked.trace_id(), linked.span_id());
        if self.span().is_linked_to(trace, span) {
            return self;
        }
        let links = self.span().links.iter();
        let links: Vec<String> = links
            .map(|link| format!("links span {} in trace {}", link.span_id, link.trace_id))
            .collect();
        self.fail(format!("does not link span {span} in trace {trace}"), links)
    }

    fn parent(&self) -> Option<&Span> {
        let span = self.span();
        self.recording.span(span.trace_id, span.parent_span_id)
    }

    /// The parent as messages say it; `None` for a root.
    fn parent_name(&self) -> Option<String> {
        let child = self.span().parent_span_id != SpanId::INVALID;
        child.then(|| said_of(self.parent()))
    }

    /// What is wrong, with the span it is wrong with.
    #[track_caller]
    fn fail(&self, said: impl fmt::Display, lines: Vec<String>) -> ! {
        let contract = O::contract();
        Report::new(format!("operation `{}` {said}", name::<O>()))
            .lines(lines)
            .note(format!("the span {}", report::span(contract, self.span())))
            .contract(contract, location::<O>())
            .fail()
    }
}

/// A span as messages say it.
fn said_of(span: Option<&Span>) -> String {
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
