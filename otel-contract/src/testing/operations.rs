//! Assertions on the spans of one operation.

// Each assertion may be the last in its chain.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, HasAttribute, pairs};
use super::recording::{Recording, Span};
use super::report::{self, Ending, Others, Report};
use super::value;
use crate::attribute::Attribute;
use crate::description::{Contract, Location};
use crate::operation::Operation;
use crate::outcome::Failure;
use opentelemetry::SpanId;
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::SpanContext;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Every time an operation happened, in the order they ended.
#[must_use = "say how often it happened: `once()`, `times(n)`, `never()`"]
pub struct Operations<O> {
    recording: Arc<Recording>,
    found: Vec<usize>,
    /// What was asked beside the operation, for messages.
    asked: String,
    operation: PhantomData<fn() -> O>,
}

/// One time an operation happened.
pub struct OneOperation<O> {
    recording: Arc<Recording>,
    index: usize,
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
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let contract = O::contract();
        let expected = pairs(expected);
        let spans = &self.recording.spans;
        self.found.retain(|index| {
            let got = &spans[*index].attributes;
            report::differences(contract, &expected, got, Others::Welcome).is_empty()
        });
        let joint = if self.asked.is_empty() { " with " } else { ", " };
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
        OneOperation {
            index: this.found[0],
            recording: this.recording,
            operation: PhantomData,
        }
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
            "operation `{name}`{} happened {}, expected {}",
            self.asked,
            report::times(self.found.len()),
            report::times(count),
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
        report = report.lines(lines.map(|(index, span)| {
            format!("{}. {}", index + 1, report::span(contract, span))
        }));
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
            ask(OneOperation {
                recording: self.recording.clone(),
                index,
                operation: PhantomData,
            });
        }
    }
}

impl<O: Operation> OneOperation<O> {
    /// The span itself.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.recording.spans[self.index]
    }

    /// The value recorded for an attribute.
    #[must_use]
    pub fn get<A: Attribute>(&self) -> Option<&AnyValue>
    where
        O: HasAttribute<A>,
    {
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
        self.report(wrong).lines(differences).fail_for(&self)
    }

    /// It does not have this attribute.
    ///
    /// # Panics
    ///
    /// When it has.
    #[track_caller]
    pub fn without<A: Attribute>(self) -> Self
    where
        O: HasAttribute<A>,
    {
        let key = A::KEY;
        if let Some(value) = self.span().attribute(key) {
            let got = value::shown(O::contract(), key, value);
            let report = self.report("has an attribute that was not expected");
            return report.line(format!("{key}: not expected, got {got}")).fail_for(&self);
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
        self.report(format!("{ending}, expected {said}")).fail_for(&self)
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
        let said = match self.parent() {
            Some(parent) => format!("is a child of `{}`, expected of `{expected}`", parent.name),
            None if self.span().parent_span_id == SpanId::INVALID => {
                format!("is a root, expected a child of `{expected}`")
            }
            None => format!(
                "is a child of a span recorded elsewhere, or still running; expected of `{expected}`"
            ),
        };
        self.report(said).fail_for(&self)
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
        let above = match above.as_slice() {
            [] => "nothing recorded".to_owned(),
            above => report::listed(above),
        };
        let expected = name::<P>();
        let said = format!("is not within `{expected}`: above it is {above}");
        self.report(said).fail_for(&self)
    }

    /// It has no parent.
    ///
    /// # Panics
    ///
    /// When it has one.
    #[track_caller]
    pub fn root(self) -> Self {
        if self.span().parent_span_id == SpanId::INVALID {
            return self;
        }
        let parent = self.parent().map_or_else(
            || "a span recorded elsewhere, or still running".to_owned(),
            |parent| format!("`{}`", parent.name),
        );
        self.report(format!("is a child of {parent}, expected a root"))
            .fail_for(&self)
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
        self.report(said).fail_for(&self)
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
        let names: Vec<&str> = linked
            .iter()
            .map(|span| span.map_or("recorded elsewhere", |span| &*span.name))
            .collect();
        let links = match names.as_slice() {
            [] => "nothing".to_owned(),
            names => report::listed(names),
        };
        let expected = name::<P>();
        let said = format!("links {links}, expected `{expected}`");
        self.report(said).fail_for(&self)
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
        self.report(format!("does not link span {span} in trace {trace}"))
            .lines(links)
            .fail_for(&self)
    }

    fn parent(&self) -> Option<&Span> {
        let span = self.span();
        self.recording.span(span.trace_id, span.parent_span_id)
    }

    fn report(&self, said: impl fmt::Display) -> Report {
        Report::new(format!("operation `{}` {said}", name::<O>()))
    }
}

impl Report {
    #[track_caller]
    fn fail_for<O: Operation, R>(self, one: &OneOperation<O>) -> R {
        let contract = O::contract();
        self.note(format!("the span {}", report::span(contract, one.span())))
            .contract(contract, location::<O>())
            .fail()
    }
}

pub(super) fn name<O: Operation>() -> &'static str {
    O::definition().name
}

pub(super) fn location<O: Operation>() -> Location {
    let contract: &Contract = O::contract();
    let operation = contract.operation(name::<O>());
    operation.map_or(contract.location, |operation| operation.location)
}

pub(super) fn is<O: Operation>(span: &Span) -> bool {
    span.name == name::<O>() && span.scope.name() == O::contract().name
}

macro_rules! debug {
    ($($name:ident $field:ident,)*) => {$(
        impl<O: Operation> fmt::Debug for $name<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                shown.field("operation", &name::<O>()).field(stringify!($field), &self.$field);
                shown.finish()
            }
        }
    )*};
}

debug!(Operations found, Times found, OneOperation index,);
