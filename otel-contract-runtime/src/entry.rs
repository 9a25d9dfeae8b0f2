//! How an operation starts: parent and links first, then the sampling decision, then the attributes.

use crate::active_operation::ActiveOperation;
use crate::attribute::{Attribute, AttributeGroup, AttributeInput};
use crate::definition::{OperationDefinition, Recorded};
use crate::local;
use crate::operation::Operation;
use crate::parent::{IntoLink, IntoParent};
use crate::telemetry;
use opentelemetry::Context;
use opentelemetry::trace::Link;

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

    pub(crate) fn definition(&self) -> &'static OperationDefinition {
        self.definition
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
    /// may be given again later. `most`: how many attributes
    /// will be given, if all are.
    pub fn start(self, running: &mut ActiveOperation, deferred: bool, most: usize) {
        let Self {
            definition,
            parent,
            links,
            values,
        } = self;
        if local::starts_nothing() || (parent.is_none() && telemetry::is_idle()) {
            return;
        }
        let sampled = |index: usize| definition.attributes[index].sampled;
        let mut later = values;
        running.start_under(parent, deferred, most, |running, telemetry| {
            running.links = links;
            for (index, value) in later.extract_if(.., |(index, _)| sampled(*index)) {
                let value = telemetry.admit(definition, index, value);
                running.measure(index, &value);
                let shown = telemetry.shown(definition, index, value);
                running.attributes.extend(shown);
            }
        });
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

    /// Sets an attribute beyond the required ones to a value given in some way.
    pub fn give<A: Attribute, F>(&mut self, index: usize, value: &impl AttributeInput<A, F>) {
        self.0.set(index, value.record());
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
    pub fn start(self) -> ActiveOperation {
        let most = self.0.definition.attributes.len();
        let mut running = ActiveOperation::new(self.0.definition);
        self.0.start(&mut running, true, most);
        running.begin();
        running
    }
}

impl ActiveOperation {
    /// Starts under the parent of an entry, with what the sampler sees of it.
    pub fn start_from(&mut self, entry: Entry, deferred: bool, most: usize) {
        entry.start(self, deferred, most);
    }
}
