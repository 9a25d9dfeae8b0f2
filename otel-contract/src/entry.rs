//! How an operation starts: parent and links first, then the sampling decision, then the attributes.

use crate::attribute::AttributeGroup;
use crate::definition::{OperationDefinition, Recorded};
use crate::measure::Measuring;
use crate::operation::Operation;
use crate::parent::{IntoLink, IntoParent};
use crate::running::Running;
use crate::slots::{Handle, Slots};
use crate::telemetry::{self, ContractTelemetry};
use opentelemetry::global::BoxedSpan;
use opentelemetry::trace::{Link, Span as _, SpanBuilder, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use std::sync::Arc;

/// An operation about to start: what the sampler may look at is given here.
#[derive(Debug)]
pub struct Entry {
    definition: &'static OperationDefinition,
    parent: Option<Context>,
    links: Vec<Link>,
    /// Attributes given before the sampling decision, each once.
    values: Vec<(usize, Recorded)>,
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
    pub fn set(&mut self, index: usize, value: Option<Recorded>) {
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
        let definition = self.definition;
        let explicit = telemetry::keep_scope(self.parent);
        let telemetry = telemetry::under(explicit.as_ref(), definition.contract);
        let (explicit, parent) = (explicit.is_some(), explicit.unwrap_or(current));
        let Some(telemetry) = telemetry else {
            return Started::inert(definition, explicit.then_some(parent));
        };
        let mut measuring = Measuring::new(definition, telemetry);
        let mut builder =
            SpanBuilder::from_name(definition.name).with_kind(definition.kind.clone());
        let (sampled, later): (Vec<_>, Vec<_>) = self
            .values
            .into_iter()
            .partition(|(index, _)| definition.attributes[*index].sampled);
        if !sampled.is_empty() {
            // The SDK keeps this vector, so it gets the size it will need.
            let mut attributes = Vec::with_capacity(definition.attributes.len());
            for (index, value) in sampled {
                let value = telemetry.admit(definition, index, value);
                if let Some(measuring) = &mut measuring {
                    measuring.set(index, &value);
                }
                attributes.extend(telemetry.shown(definition, index, value));
            }
            builder.attributes = Some(attributes);
        }
        if !self.links.is_empty() {
            builder.links = Some(self.links);
        }
        let span = telemetry.start(builder, &parent);
        // A no-op tracer hands the parent's span context back, an SDK always makes a new one.
        let dead =
            !span.span_context().is_valid() || span.span_context() == parent.span().span_context();
        let (span, parent) = if dead {
            (None, explicit.then_some(parent))
        } else {
            (Some(span), Some(parent))
        };
        let mut started = Started {
            definition,
            recording: span.as_ref().is_some_and(BoxedSpan::is_recording),
            telemetry: Some(telemetry),
            span,
            parent,
            measuring,
            slots: None,
        };
        if deferred && (started.recording || started.measuring.is_some()) {
            let recording = started.recording;
            started.slots = Some(Arc::new(Slots::new(definition, telemetry, recording)));
        }
        for (index, value) in later {
            if started.wants(index) {
                started.set(index, Some(value));
            }
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
        let mut entry = Entry::new(O::definition());
        operation.record(&mut |index, value| entry.set(index, value()));
        Self(entry)
    }

    /// Sets an attribute beyond the required ones.
    pub fn set(&mut self, index: usize, value: Option<Recorded>) {
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
    telemetry: Option<&'static ContractTelemetry>,
    span: Option<BoxedSpan>,
    recording: bool,
    parent: Option<Context>,
    measuring: Option<Measuring>,
    slots: Option<Arc<Slots>>,
}

impl Started {
    fn inert(definition: &'static OperationDefinition, parent: Option<Context>) -> Self {
        Self {
            definition,
            telemetry: None,
            span: None,
            recording: false,
            parent,
            measuring: None,
            slots: None,
        }
    }

    /// Whether the span will record attributes; where not, they are not even evaluated.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.recording
    }

    /// Whether this attribute will be recorded, by the span or as a dimension.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        let dimension = || self.definition.attributes[index].dimension;
        self.recording || (self.measuring.is_some() && dimension().is_some())
    }

    /// Sets an attribute given at entry.
    pub fn set(&mut self, index: usize, value: Option<Recorded>) {
        let (Some(value), Some(telemetry)) = (value, self.telemetry) else {
            return;
        };
        let value = telemetry.admit(self.definition, index, value);
        if let Some(measuring) = &mut self.measuring {
            measuring.set(index, &value);
        }
        // What the sampler has seen stays as it was.
        if let (Some(slots), false) = (&self.slots, self.definition.attributes[index].sampled) {
            slots.keep(index, value);
        } else if let (Some(span), true) = (&mut self.span, self.recording)
            && let Some(attribute) = telemetry.shown(self.definition, index, value)
        {
            span.set_attribute(attribute);
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
        let mut measuring = started.measuring.take();
        if let Some(measuring) = &mut measuring {
            measuring.begin();
        }
        Self::new(
            started.definition,
            started.telemetry,
            context,
            measuring,
            started.slots.take(),
        )
    }
}

/// Only where the body never ran: an attribute's expression panicked, or waited and was cancelled.
/// Nothing is measured then, since not all dimensions are known.
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
