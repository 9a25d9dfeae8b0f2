//! The start of an operation.

use super::{ActiveOperation, SpanState};
use crate::clock::{Moment, Reading};
use crate::current;
use crate::prediction::Decision;
use crate::slots::Slots;
use crate::telemetry::{self, ContractTelemetry, OperationInstruments};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
use std::sync::Arc;

impl ActiveOperation {
    /// Starts the operation in the current context. `deferred`: attributes may be set again later. `max_attributes`: the
    /// greatest number of attributes that may be set.
    pub fn start(&mut self, deferred: bool, max_attributes: usize) {
        if telemetry::is_idle() {
            telemetry::note_start(None, self.definition);
            self.context = current::without_span(None, self.definition);
        } else if !self.joins_request(deferred) {
            self.start_under(None, deferred, max_attributes, |_, _| {});
        }
    }

    /// Takes the operation of the request that a server layer has started, if there is one.
    #[cfg_attr(not(feature = "edge"), allow(clippy::unused_self))] // Same signature as with the feature.
    #[inline]
    pub(crate) fn joins_request(&mut self, deferred: bool) -> bool {
        #[cfg(feature = "edge")]
        return self.take_from_request(deferred);
        #[cfg(not(feature = "edge"))]
        {
            let _ = deferred;
            false
        }
    }

    /// Starts the operation under this parent, or in the current context. `set_sampling_relevant`: sets the attributes
    /// that the sampler sees.
    #[inline]
    pub(crate) fn start_under(
        &mut self,
        parent: Option<Context>,
        deferred: bool,
        max_attributes: usize,
        set_sampling_relevant: impl FnOnce(&mut Self, &ContractTelemetry),
    ) {
        let definition = self.definition;
        let parent = telemetry::keep_scope(parent);
        telemetry::note_start(parent.as_ref(), definition);
        let telemetry = telemetry::for_parent(parent.as_ref(), definition.contract);
        let instruments = telemetry.and_then(|telemetry| telemetry.operation(definition));
        let found = telemetry.map(|telemetry| (telemetry, instruments));
        // The current context decides about suppression, even if the parent is explicit.
        let decision = match &parent {
            Some(_) if Context::is_current_telemetry_suppressed() => None,
            Some(parent) => Some(self.predict(parent, found, max_attributes)),
            None => Context::map_current(|current| {
                let suppressed = current.is_telemetry_suppressed();
                (!suppressed).then(|| self.predict(current, found, max_attributes))
            }),
        };
        let Some(decision) = decision else {
            return;
        };
        let Some(telemetry) = telemetry else {
            self.context = current::without_span(parent, definition);
            return;
        };
        match (decision, self.span) {
            // `predict` has already opened the span, without asking the sampler.
            (_, SpanState::Buffered(_)) => {
                set_sampling_relevant(self, telemetry);
                definition.contract.add_other_keys(&mut self.attributes);
            }
            (Decision::Ask { .. } | Decision::Record, _) => {
                self.parent = parent;
                set_sampling_relevant(self, telemetry);
                match telemetry.contract_tracer() {
                    Some(tracer) => self.open(tracer, telemetry),
                    None if decision == Decision::Record => self.span = SpanState::Pending,
                    None => self.start_sdk_span(telemetry),
                }
            }
            (Decision::DropWithParent | Decision::Drop, _) if self.context.is_some() => {}
            (Decision::DropWithParent | Decision::Drop, _) => {
                self.assign_span_context(parent, telemetry);
            }
        }
        if deferred {
            self.defer(telemetry);
        }
    }

    /// Predicts the sampling decision, and opens the span if that runs no code of others: the thread's context is
    /// borrowed during this call, so code of others could not attach a context.
    #[inline]
    fn predict(
        &mut self,
        parent: &Context,
        found: Option<(
            &'static ContractTelemetry,
            Option<&'static OperationInstruments>,
        )>,
        max_attributes: usize,
    ) -> Decision {
        let Some((telemetry, instruments)) = found else {
            return Decision::DropWithParent;
        };
        let definition = self.definition;
        let prediction = telemetry.prediction(definition);
        let mut decision = prediction.decision_in(parent, parent.span().span_context());
        self.telemetry = Some(telemetry);
        self.was_panicking = std::thread::panicking();
        self.measurements.instruments = instruments;
        if decision.is_likely_recorded() {
            // The exported span keeps this vector, so it gets its final capacity, including `error.type`.
            self.attributes = Vec::with_capacity(max_attributes + 1);
        }
        match (decision, telemetry.contract_tracer()) {
            (Decision::Record, Some(tracer)) if tracer.is_predictable() => {
                self.open_under(parent, tracer, prediction);
            }
            // The span is sampled, but there is no processor: it needs a span context and no attributes.
            (Decision::Record, Some(tracer)) if tracer.has_no_processor() => {
                self.attributes = Vec::new();
                if !self.open_under(parent, tracer, prediction) {
                    self.context = Some(parent.clone());
                }
                decision = Decision::Drop;
            }
            // The start is read here, because attributes are evaluated before the provider creates the span.
            (Decision::Record, None) => {
                self.set_start(Reading::start(parent.span().span_context()));
            }
            // The operation gets its own span context, with the `sampled` flag cleared, so that spans in the body see an
            // unsampled parent.
            (Decision::DropWithParent | Decision::Drop, Some(tracer)) => {
                let context = tracer.unsampled(parent);
                self.context = context.map(|context| current::with_operation(context, definition));
            }
            _ => {}
        }
        if self.since.is_none() && (decision.may_record() || self.measurements.is_on()) {
            self.since = Some(Moment::now());
        }
        decision
    }

    #[cold]
    pub(super) fn defer(&mut self, telemetry: &'static ContractTelemetry) {
        if self.has_recording_span() || self.measurements.is_on() || self.is_logged() {
            #[allow(unused_mut)] // Changed with feature `tracing` only.
            let mut slots = Slots::new(self.definition, telemetry, self.has_recording_span());
            #[cfg(feature = "tracing")]
            slots.log_to(self.logged_attributes());
            self.slots = Some(Arc::new(slots));
        }
    }
}
