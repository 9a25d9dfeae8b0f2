//! How an operation starts: parent and links first, then the sampling decision, then the attributes.

use crate::attribute::AttributeGroup;
use crate::operation::{Operation, OperationDefinition};
use crate::parent::{IntoLink, IntoParent};
use crate::running::Running;
use crate::slots::{Handle, Slots};
use opentelemetry::global::BoxedSpan;
use opentelemetry::trace::{
    Link, Span as _, SpanBuilder, Status, TraceContextExt as _, Tracer as _,
};
use opentelemetry::{Context, KeyValue, Value};
use std::sync::Arc;

/// An operation about to start: what the sampler may look at is given here.
#[derive(Debug)]
pub struct Entry {
    definition: &'static OperationDefinition,
    parent: Option<Context>,
    links: Vec<Link>,
    /// Attributes given before the sampling decision, each once.
    values: Vec<(usize, Value)>,
}

impl Entry {
    /// Nothing is looked up yet.
    #[must_use]
    pub fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            definition,
            parent: None,
            links: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Continues this trace instead of the current one.
    pub fn parent(&mut self, parent: &(impl IntoParent + ?Sized)) {
        self.parent = parent.to_context();
    }

    /// Points at another span that led to this one.
    pub fn link(&mut self, link: &(impl IntoLink + ?Sized)) {
        link.each(&mut |context| {
            if context.is_valid() {
                self.links.push(Link::with_context(context));
            }
        });
    }

    /// Sets an attribute before the sampling decision; the last value wins.
    pub fn set(&mut self, index: usize, value: Option<Value>) {
        if let Some(value) = value {
            self.values.retain(|(known, _)| *known != index);
            self.values.push((index, value));
        }
    }

    /// Asks the sampler, which sees those attributes the contract gives it. `deferred`: attributes
    /// may be given again later, so the others wait for the end in slots.
    #[must_use]
    pub fn start(self, deferred: bool) -> Started {
        let current = Context::current();
        // Suppression belongs to the thread's context; a remote parent does not lift it.
        if current.is_telemetry_suppressed() {
            return Started::inert(self.definition, None);
        }
        let explicit = self.parent.is_some();
        let parent = self.parent.unwrap_or(current);
        let definition = self.definition;
        let mut builder =
            SpanBuilder::from_name(definition.name).with_kind(definition.kind.clone());
        let (sampled, later): (Vec<_>, Vec<_>) = self
            .values
            .into_iter()
            .partition(|(index, _)| definition.sampled.contains(index));
        if !sampled.is_empty() {
            // The SDK keeps this vector, so it gets the size it will need.
            let mut attributes = Vec::with_capacity(definition.keys.len());
            let pair =
                |(index, value): (usize, Value)| KeyValue::new(definition.keys[index], value);
            attributes.extend(sampled.into_iter().map(pair));
            builder.attributes = Some(attributes);
        }
        if !self.links.is_empty() {
            builder.links = Some(self.links);
        }
        // Not `Tracer::start`: it samples while the thread's context is borrowed, and a sampler or
        // processor that attaches one would panic.
        let span = definition
            .scope
            .tracer()
            .build_with_context(builder, &parent);
        // A no-op tracer hands the parent's span context back, an SDK always makes a new one.
        if !span.span_context().is_valid() || span.span_context() == parent.span().span_context() {
            return Started::inert(definition, explicit.then_some(parent));
        }
        let slots = (deferred && span.is_recording()).then(|| Arc::new(Slots::new(definition)));
        let mut started = Started {
            definition,
            span: Some(span),
            parent: Some(parent),
            slots,
        };
        for (index, value) in later {
            started.set(index, Some(value));
        }
        started
    }
}

/// An operation held by hand before it starts.
#[derive(Debug)]
pub struct Prepared(Entry);

impl Prepared {
    /// With what the operation's struct holds.
    #[must_use]
    pub fn new<O: Operation + AttributeGroup<O>>(operation: &O) -> Self {
        let mut entry = Entry::new(O::DEFINITION);
        operation.record(&mut |index, value| entry.set(index, value()));
        Self(entry)
    }

    /// Sets an attribute beyond the required ones.
    pub fn set(&mut self, index: usize, value: Option<Value>) {
        self.0.set(index, value);
    }

    /// Continues this trace instead of the current one.
    pub fn parent(&mut self, parent: &(impl IntoParent + ?Sized)) {
        self.0.parent(parent);
    }

    /// Points at another span that led to this one.
    pub fn link(&mut self, link: &(impl IntoLink + ?Sized)) {
        self.0.link(link);
    }

    /// Starts the operation; every attribute may be given again later.
    #[must_use]
    pub fn start(self) -> Started {
        self.0.start(true)
    }
}

/// A started operation that takes its entry attributes.
#[derive(Debug)]
pub struct Started {
    definition: &'static OperationDefinition,
    span: Option<BoxedSpan>,
    parent: Option<Context>,
    slots: Option<Arc<Slots>>,
}

impl Started {
    fn inert(definition: &'static OperationDefinition, parent: Option<Context>) -> Self {
        Self {
            definition,
            span: None,
            parent,
            slots: None,
        }
    }

    /// Whether anything will record attributes; where not, they are not even evaluated.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.span
            .as_ref()
            .is_some_and(opentelemetry::trace::Span::is_recording)
    }

    /// Sets an attribute given at entry.
    pub fn set(&mut self, index: usize, value: Option<Value>) {
        let Some(value) = value else { return };
        // What the sampler has seen stays as it was.
        if self.slots.is_some() && !self.definition.sampled.contains(&index) {
            self.handle().set(index, Some(value));
        } else if let Some(span) = &mut self.span {
            span.set_attribute(KeyValue::new(self.definition.keys[index], value));
        }
    }

    /// Sets attributes from here on; records nothing unless the operation was started deferred.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(self.slots.clone())
    }
}

impl From<Started> for Running {
    fn from(mut started: Started) -> Self {
        let context = match (started.span.take(), started.parent.take()) {
            (Some(span), Some(parent)) => Some(parent.with_span(span)),
            (_, parent) => parent,
        };
        Self::new(context, started.slots.take())
    }
}

/// Only where the body never ran: an attribute's expression panicked, or waited and was cancelled.
impl Drop for Started {
    fn drop(&mut self) {
        let Some(mut span) = self.span.take() else {
            return;
        };
        if std::thread::panicking() {
            span.set_attribute(KeyValue::new("error.type", "panic"));
            span.set_status(Status::error(""));
        } else {
            span.set_attribute(KeyValue::new("error.type", "cancelled"));
        }
    }
}
