//! The start of an operation: parent and links first, then the sampling decision, then the attributes.

use crate::active_operation::ActiveOperation;
use crate::attribute::{Attribute, AttributeGroup, AttributeInput};
use crate::definition::{InputValue, OperationDefinition};
use crate::local;
use crate::operation::Operation;
use crate::parent::{IntoLink, IntoParent};
use crate::telemetry;
use opentelemetry::Context;
use opentelemetry::trace::Link;

/// An operation that is about to start, with everything that the sampler may see.
#[derive(Debug)]
pub struct Entry {
    definition: &'static OperationDefinition,
    parent: Option<Context>,
    links: Vec<Link>,
    /// Attributes that were set before the sampling decision, each once.
    values: Vec<(usize, InputValue<'static>)>,
}

impl Entry {
    /// Creates an entry without parent, links and attributes.
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

    /// Continues the trace of this context; `None`: the current one.
    #[cfg(feature = "edge")]
    pub(crate) fn set_parent(&mut self, parent: Option<Context>) {
        self.parent = parent;
    }

    /// Adds a link to another span, which led to this one.
    pub fn link(&mut self, link: &(impl IntoLink + ?Sized)) {
        link.each(&mut |context| {
            if context.is_valid() {
                self.links.push(Link::with_context(context));
            }
        });
    }

    /// Sets an attribute before the sampling decision; the last value wins.
    pub fn set(&mut self, index: usize, value: Option<InputValue<'_>>) {
        if let Some(value) = value.map(InputValue::into_owned) {
            self.values.retain(|(present, _)| *present != index);
            self.values.push((index, value));
        }
    }

    /// Starts the operation, or takes the one that a server layer has started for the request. The sampler sees the
    /// attributes that the contract marks as relevant for sampling. `deferred`: attributes may be set again later.
    /// `max_attributes`: the greatest number of attributes that may be set.
    pub fn start(self, operation: &mut ActiveOperation, deferred: bool, max_attributes: usize) {
        if self.is_blocked() {
            return;
        }
        if operation.joins_request(deferred) {
            operation.add_links(self.links);
            set_all(operation, self.values);
        } else {
            self.start_new(operation, deferred, max_attributes);
        }
    }

    /// Starts the operation of a request, which never takes another one. Returns the parent if no operation may start.
    #[cfg(feature = "edge")]
    pub(crate) fn start_request(
        self,
        operation: &mut ActiveOperation,
        max_attributes: usize,
    ) -> Option<Context> {
        if self.is_blocked() {
            return self.parent;
        }
        let has_values = !self.values.is_empty();
        self.start_new(operation, false, max_attributes);
        if has_values {
            operation.note_present_attributes(0);
        }
        None
    }

    /// Whether no operation may start. Counts the start.
    fn is_blocked(&self) -> bool {
        let blocked = local::blocks_operations() || (self.parent.is_none() && telemetry::is_idle());
        if blocked {
            telemetry::note_start(self.parent.as_ref(), self.definition);
        }
        blocked
    }

    fn start_new(self, operation: &mut ActiveOperation, deferred: bool, max_attributes: usize) {
        let Self {
            definition,
            parent,
            links,
            values,
        } = self;
        let is_relevant = |index: usize| definition.attributes[index].sampling_relevant;
        let mut later = values;
        operation.start_under(parent, deferred, max_attributes, |operation, telemetry| {
            operation.links = links;
            for (index, value) in later.extract_if(.., |(index, _)| is_relevant(*index)) {
                let value = telemetry.admit(definition, index, value);
                operation.measure(index, &value);
                let attribute = telemetry.key_value(definition, index, value);
                operation.log_sampling_relevant(attribute.as_ref());
                operation.attributes.extend(attribute);
            }
        });
        set_all(operation, later);
    }
}

/// Sets the values that will be recorded.
fn set_all(operation: &mut ActiveOperation, values: Vec<(usize, InputValue<'static>)>) {
    for (index, value) in values {
        if operation.wants(index) {
            operation.set(index, Some(value));
        }
    }
}

/// An operation that has not started, and that the user will start explicitly.
#[derive(Debug)]
pub struct Prepared(Entry);

impl Prepared {
    /// Prepares an operation with the attributes of its struct.
    #[must_use]
    pub fn new<O: Operation + AttributeGroup<O>>(operation: &O) -> Self {
        let mut entry = Entry::new(O::definition());
        operation.record(&mut |index, value| entry.set(index, value()));
        Self(entry)
    }

    /// Sets an optional attribute.
    pub fn set_input<A: Attribute, F>(&mut self, index: usize, value: &impl AttributeInput<A, F>) {
        self.0.set(index, value.record());
    }

    /// Continues this trace instead of the current one.
    pub fn parent(&mut self, parent: &(impl IntoParent + ?Sized)) {
        self.0.parent(parent);
    }

    /// Adds a link to another span, which led to this one.
    pub fn link(&mut self, link: &(impl IntoLink + ?Sized)) {
        self.0.link(link);
    }

    /// Starts the operation. Every attribute may be set again later.
    #[must_use]
    pub fn start(self) -> ActiveOperation {
        let max_attributes = self.0.definition.attributes.len();
        let mut operation = ActiveOperation::new(self.0.definition);
        self.0.start(&mut operation, true, max_attributes);
        operation.begin();
        operation
    }
}

impl ActiveOperation {
    /// Starts the operation with the parent, links and attributes of an entry.
    pub fn start_from(&mut self, entry: Entry, deferred: bool, max_attributes: usize) {
        entry.start(self, deferred, max_attributes);
    }
}
