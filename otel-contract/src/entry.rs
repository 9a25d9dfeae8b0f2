//! How an operation starts: parent and links first, then the sampling decision, then the attributes.

use crate::attribute::AttributeGroup;
use crate::definition::{OperationDefinition, Recorded};
use crate::foresight::Decision;
use crate::ids;
use crate::operation::Operation;
use crate::parent::{IntoLink, IntoParent};
use crate::running::Running;
use crate::slots::Slots;
use crate::telemetry::{self, ContractTelemetry};
use opentelemetry::Context;
use opentelemetry::trace::{Link, TraceContextExt as _};
use std::sync::Arc;
use std::time::Instant;

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
    pub fn start(self, running: &mut Running, deferred: bool, most: usize) {
        let definition = self.definition;
        if self.parent.is_none() && telemetry::is_idle() {
            return;
        }
        let telemetry = telemetry::current(definition.contract);
        let decide = |parent: &Context| {
            let span = parent.span();
            let decision = |it: &ContractTelemetry| it.decision(definition, span.span_context());
            telemetry.map_or(Decision::Ask, decision)
        };
        // Suppression belongs to the thread's context; a remote parent does not lift it.
        let (suppressed, decision) = match &self.parent {
            Some(parent) => (Context::is_current_telemetry_suppressed(), decide(parent)),
            None => Context::map_current(|it| (it.is_telemetry_suppressed(), decide(it))),
        };
        if suppressed {
            return;
        }
        let Some(telemetry) = telemetry else {
            running.context = self.parent;
            return;
        };
        running.telemetry = Some(telemetry);
        running.was_panicking = std::thread::panicking();
        running.measuring.instruments = telemetry.operation(definition);
        if decision.may_record() || running.measuring.is_on() {
            running.since = Some(Instant::now());
        }
        let mut later = self.values;
        match decision {
            Decision::Ask | Decision::Record => {
                running.parent = self.parent;
                running.links = self.links;
                let seen = |(index, _): &mut (usize, _)| definition.attributes[*index].sampled;
                for (index, value) in later.extract_if(.., seen) {
                    let value = telemetry.admit(definition, index, value);
                    running.measure(index, &value);
                    let shown = telemetry.shown(definition, index, value);
                    running.attributes.extend(shown);
                }
                if decision == Decision::Record {
                    // The SDK keeps this vector, so it gets the size it will need.
                    running.attributes.reserve_exact(most);
                }
                if decision == Decision::Record {
                    running.recording = true;
                    running.pending = true;
                } else {
                    running.build(telemetry);
                }
            }
            // Under a parent that is not sampled there is nothing to tell apart.
            Decision::Follow => running.context = self.parent,
            // What happens within must know that it is not sampled.
            Decision::Never => {
                let parent = self.parent.unwrap_or_else(Context::current);
                running.context = Some(parent.with_remote_span_context(ids::unsampled()));
            }
        }
        if deferred && (running.recording || running.measuring.is_on()) {
            let slots = Slots::new(definition, telemetry, running.recording);
            running.slots = Some(Arc::new(slots));
        }
        for (index, value) in later {
            if running.wants(index) {
                running.set(index, Some(value));
            }
        }
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
        let mut running = Running::new(self.0.definition);
        self.0.start(&mut running, true, most);
        running.begin();
        running
    }
}
