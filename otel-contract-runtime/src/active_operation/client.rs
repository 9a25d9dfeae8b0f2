//! Operations with kind `client` whose attributes a client layer sets.
//!
//! The context of such an operation contains a [`CurrentCall`], with which a client layer that sends a request in this
//! context finds the operation. Contexts of other operations do not contain one: values in a context cost allocations.

use super::attributes::bit;
use super::{ActiveOperation, SpanState};
use crate::definition::{ContractDefinition, InputValue, OperationDefinition};
use crate::local;
use crate::slots::Slots;
use crate::telemetry::ContractTelemetry;
use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The operation of a context, for the client layers of its contract.
#[derive(Clone, Debug)]
pub(crate) struct CurrentCall(Arc<Call>);

/// The [`CurrentCall`] of a context, if its innermost operation has one.
#[derive(Debug)]
struct Innermost(Option<CurrentCall>);

#[derive(Debug)]
struct Call {
    slots: Arc<Slots>,
    /// Span of the operation. Spans of nested operations have other ids.
    span: SpanId,
    /// A bit for each attribute that the function set before its body began.
    set_by_function: u64,
    /// A bit for each attribute that a layer has set.
    set_by_layer: AtomicU64,
    /// Requests that the body has sent.
    requests: AtomicU32,
}

impl CurrentCall {
    /// Returns the operation of this contract whose body is running, if client layers set attributes of it.
    pub(crate) fn of_contract(contract: &'static ContractDefinition) -> Option<Self> {
        let find = |context: &Context| {
            let call = context.get::<Innermost>()?.0.as_ref()?;
            let has_its_span = context.span().span_context().span_id() == call.0.span;
            let is_of_contract = std::ptr::eq(call.definition().contract, contract);
            let is_found = has_its_span && is_of_contract && call.is_innermost(context);
            is_found.then(|| call.clone())
        };
        local::map_current(find).flatten()
    }

    /// Whether no other operation without a span of its own runs in the context.
    #[cfg(feature = "tracing")]
    fn is_innermost(&self, context: &Context) -> bool {
        let innermost = context.get::<crate::current::CurrentOperation>();
        innermost.is_none_or(|innermost| std::ptr::eq(innermost.definition, self.definition()))
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self)] // Same signature as with the feature.
    fn is_innermost(&self, _: &Context) -> bool {
        true
    }

    pub(crate) fn definition(&self) -> &'static OperationDefinition {
        self.0.slots.definition()
    }

    /// Counts a request. Returns the number of earlier requests.
    pub(crate) fn count_request(&self) -> u32 {
        self.0.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// Sets an attribute to a value of the last request; `None`: the value is unknown. An attribute that the function
    /// sets in its attribute list keeps the value of the function, and a value that the sampler has seen does not change.
    pub(crate) fn set(&self, index: usize, value: Option<InputValue<'_>>) {
        let attribute = &self.definition().attributes[index];
        let bit = bit(index);
        if attribute.sampling_relevant || bit == 0 || self.0.set_by_function & bit != 0 {
            return;
        }
        let Call {
            slots,
            set_by_layer,
            ..
        } = &*self.0;
        match value {
            Some(value) if slots.wants(index) => {
                let value = slots.admitted(index, value);
                set_by_layer.fetch_or(bit, Ordering::Relaxed);
                // A request may outlive the operation, in a task of its own.
                slots.store_if_active(index, value);
            }
            None if set_by_layer.load(Ordering::Relaxed) & bit != 0 => slots.remove(index),
            _ => {}
        }
    }
}

impl ActiveOperation {
    /// Adds the operation to its context, for client layers.
    #[cold]
    pub(super) fn offer_to_client_layers(&mut self, telemetry: &'static ContractTelemetry) {
        let set_by_function = self.attributes_with_values();
        if matches!(self.span, SpanState::Pending) {
            self.start_sdk_span(telemetry);
        }
        if self.slots.is_none() {
            self.defer(telemetry);
        }
        let Some(slots) = &self.slots else {
            return;
        };
        let context = self.context();
        let call = CurrentCall(Arc::new(Call {
            slots: Arc::clone(slots),
            span: context.span().span_context().span_id(),
            set_by_function,
            set_by_layer: AtomicU64::new(0),
            requests: AtomicU32::new(0),
        }));
        self.context = Some(context.with_value(Innermost(Some(call))));
    }

    /// Hides the operation around this one, which has no span that differs from its span: there is no tracer provider.
    pub(super) fn hide_outer_from_client_layers(&mut self) {
        let hide = |context: &Context| {
            let outer = context.get::<Innermost>()?;
            outer
                .0
                .is_some()
                .then(|| context.with_value(Innermost(None)))
        };
        self.context = local::map_current(hide).flatten();
    }

    /// Returns a bit for each attribute that has a value.
    fn attributes_with_values(&self) -> u64 {
        let mut present = self.already_set;
        for (index, attribute) in self.definition.attributes.iter().enumerate() {
            let is_dimension_set = || {
                let dimension = attribute.dimension;
                dimension.is_some_and(|dimension| self.measurements.has(dimension))
            };
            let is_on_span = || {
                let mut attributes = self.attributes.iter();
                attributes.any(|present| present.key.as_str() == attribute.key)
            };
            let is_deferred = || self.slots.as_ref().is_some_and(|slots| slots.has(index));
            if is_dimension_set() || is_on_span() || is_deferred() {
                present |= bit(index);
            }
        }
        present
    }
}
