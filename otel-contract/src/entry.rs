//! How an operation starts: parent and links first, then the sampling decision, then the attributes.

use crate::attribute::AttributeGroup;
use crate::clock::Moment;
use crate::definition::{OperationDefinition, Recorded};
use crate::measure::Measuring;
use crate::operation::Operation;
use crate::parent::{IntoLink, IntoParent};
use crate::running::Running;
use crate::slots::Slots;
use crate::telemetry::{self, Within};
use opentelemetry::Context;
use opentelemetry::trace::{Link, SpanBuilder, TraceContextExt as _};
use std::sync::Arc;

/// An operation about to start: what the sampler may look at is given here.
#[derive(Debug)]
pub struct Entry {
    definition: &'static OperationDefinition,
    parent: Option<Context>,
    links: Vec<Link>,
    /// Attributes given before the sampling decision, each once.
    values: Vec<(usize, Recorded<'static>)>,
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
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        if let Some(value) = value.map(Recorded::into_owned) {
            self.values.retain(|(known, _)| *known != index);
            self.values.push((index, value));
        }
    }

    /// Asks the sampler, which sees those attributes the contract gives it. `deferred`: attributes
    /// may be given again later, so the others wait for the end in slots. `most`: how many attributes
    /// will be given, if all are.
    #[must_use]
    pub fn start(self, deferred: bool, most: usize) -> Running {
        let definition = self.definition;
        let mut running = Running::new(definition);
        if self.parent.is_none() && telemetry::is_idle() {
            return running;
        }
        let current = Context::current();
        // Suppression belongs to the thread's context; a remote parent does not lift it.
        if current.is_telemetry_suppressed() {
            return running;
        }
        let Some(telemetry) = telemetry::current(definition.contract) else {
            running.context = self.parent;
            return running;
        };
        running.telemetry = Some(telemetry);
        running.was_panicking = std::thread::panicking();
        running.measuring = Measuring::new(definition, telemetry);
        let explicit = self.parent.is_some();
        let parent = self.parent.unwrap_or(current);
        let parent_span = parent.span();
        let root = !parent_span.span_context().is_valid();
        let expected = telemetry.expects_recording(definition, parent_span.span_context());
        let mut builder =
            SpanBuilder::from_name(definition.name).with_kind(definition.kind.clone());
        if expected || running.measuring.is_some() {
            let now = Moment::now();
            builder.start_time = Some(now.wall());
            running.since = Some(now);
        }
        // The SDK keeps this vector, so it gets the size it will need.
        let mut attributes = Vec::with_capacity(if expected { most } else { 0 });
        let mut later = Vec::new();
        for (index, value) in self.values {
            if definition.attributes[index].sampled {
                let value = telemetry.admit(definition, index, value);
                running.measure(index, &value);
                attributes.extend(telemetry.shown(definition, index, value));
            } else {
                later.push((index, value));
            }
        }
        builder.attributes = Some(attributes);
        if !self.links.is_empty() {
            builder.links = Some(self.links);
        }
        if let Some(Within { context, recording }) = telemetry.start(builder, &parent) {
            running.context = Some(context);
            running.recording = recording;
            if root {
                telemetry.learn_recording(definition, recording);
            }
            if recording && running.since.is_none() {
                running.since = Some(Moment::now());
            }
        } else {
            telemetry::looked(!telemetry.is_unmeasured());
            running.context = explicit.then_some(parent);
        }
        if deferred && (running.recording || running.measuring.is_some()) {
            let slots = Slots::new(definition, telemetry, running.recording);
            running.slots = Some(Arc::new(slots));
        }
        for (index, value) in later {
            if running.wants(index) {
                running.set(index, Some(value));
            }
        }
        running
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
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
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
    pub fn start(self) -> Running {
        let most = self.0.definition.attributes.len();
        let mut running = self.0.start(true, most);
        running.begin();
        running
    }
}
