//! Opening and closing the span of an operation.

use super::contract_span::{Added, ContractSpan, cut, end, stronger};
use super::pipeline::each;
use super::{Pipeline, Record};
use crate::definition::OperationDefinition;
use crate::foresight::{Decision, Foresight};
use crate::ids;
use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanRef, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SpanData, SpanEvents, SpanLinks};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

/// The tracer of one contract in a set-up.
#[derive(Debug)]
pub(crate) struct ContractTracer {
    pipeline: Arc<Pipeline>,
    scope: InstrumentationScope,
}

/// What a tracer has to know again to close a span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    tracer: &'static ContractTracer,
    parent: SpanId,
    parent_is_remote: bool,
}

impl ContractTracer {
    pub(crate) fn new(pipeline: Arc<Pipeline>, scope: InstrumentationScope) -> Self {
        Self { pipeline, scope }
    }

    /// Whether its sampler is that of the contract, and what is sampled records.
    pub(crate) fn is_predictable(&self) -> bool {
        self.pipeline.records_predictably()
    }

    /// Whether there is no processor, so that spans need not record.
    pub(crate) fn is_unseen(&self) -> bool {
        self.pipeline.is_unseen()
    }

    /// Opens a span, as an SDK's tracer does: identity and sampler. The attributes are those the sampler
    /// may see; it may add some. `opened` is given the context of what happens within, and what closes the
    /// span, if it records. Tells whether anything can record.
    #[allow(clippy::inline_always)] // What is opened is put where it stays.
    #[inline(always)]
    pub(crate) fn open(
        &'static self,
        foresight: &Foresight,
        definition: &OperationDefinition,
        parent: &Context,
        (attributes, links): (&mut Vec<KeyValue>, &[Link]),
        opened: impl FnOnce(Context, Option<Held>),
    ) -> bool {
        let pipeline = &*self.pipeline;
        if parent.is_telemetry_suppressed() || pipeline.is_shut_down() {
            return false;
        }
        let span = parent.span();
        let above = span.span_context();
        if pipeline.records_predictably() && foresight.decision(above) == Decision::Record {
            let (trace, own) = identity(above);
            let flags = flags_of(above).with_sampled(true);
            let context = SpanContext::new(trace, own, flags, false, state_of(above));
            pipeline.opened(&context, definition.name);
            let span = ContractSpan::new(context, pipeline.limits());
            opened(parent.with_span(span), Some(self.hold(above)));
        } else {
            let (context, held) = self.ask(foresight, definition, parent, attributes, links);
            opened(context, held);
        }
        true
    }

    #[inline(never)]
    fn ask(
        &'static self,
        foresight: &Foresight,
        definition: &OperationDefinition,
        parent: &Context,
        attributes: &mut Vec<KeyValue>,
        links: &[Link],
    ) -> (Context, Option<Held>) {
        let span = parent.span();
        let above = span.span_context();
        let (trace, own) = identity(above);
        let before = foresight.before(above);
        let (name, kind) = (definition.name, &definition.kind);
        let sampler = self.pipeline.sampler();
        let sampled = sampler.should_sample(Some(parent), trace, name, kind, attributes, links);
        let recording = sampled.decision != SamplingDecision::Drop;
        foresight.after(before, above, recording);
        let flags = match sampled.decision {
            SamplingDecision::RecordAndSample => flags_of(above).with_sampled(true),
            SamplingDecision::RecordOnly => flags_of(above).with_sampled(false),
            SamplingDecision::Drop => TraceFlags::default(),
        };
        let context = SpanContext::new(trace, own, flags, false, sampled.trace_state);
        if !recording || self.pipeline.is_unseen() {
            // Nothing but its identity is of use.
            return (parent.with_remote_span_context(context), None);
        }
        attributes.extend(sampled.attributes);
        self.pipeline.opened(&context, definition.name);
        let span = ContractSpan::new(context, self.pipeline.limits());
        (parent.with_span(span), Some(self.hold(above)))
    }

    #[inline]
    fn hold(&'static self, above: &SpanContext) -> Held {
        let is_parent = above.is_valid();
        Held {
            tracer: self,
            parent: if is_parent {
                above.span_id()
            } else {
                SpanId::INVALID
            },
            parent_is_remote: is_parent && above.is_remote(),
        }
    }
}

/// Of a span under this parent, or of one that begins a trace.
#[inline]
fn identity(above: &SpanContext) -> (TraceId, SpanId) {
    if above.is_valid() {
        (above.trace_id(), ids::span())
    } else {
        ids::trace_and_span()
    }
}

/// Those of a parent; one that is not valid is none.
#[inline]
fn flags_of(above: &SpanContext) -> TraceFlags {
    if above.is_valid() {
        above.trace_flags()
    } else {
        TraceFlags::default()
    }
}

/// Most have none, and then there is nothing to clone.
#[inline]
fn state_of(parent: &SpanContext) -> TraceState {
    let state = parent.trace_state();
    if *state == TraceState::NONE {
        TraceState::NONE
    } else {
        state.clone()
    }
}

/// What others had added to a span when it ended.
#[derive(Debug)]
pub(crate) struct Ended(Option<Box<Added>>);

impl Ended {
    /// Ends the span that others see.
    #[inline]
    pub(crate) fn of(context: &Context, at: SystemTime) -> Self {
        Self(end(&context.span(), at))
    }

    /// Whether they ended it before.
    #[inline]
    pub(crate) fn by_others(&self) -> bool {
        self.0.as_ref().is_some_and(|added| added.end.is_some())
    }
}

impl Held {
    /// Hands a span that has ended to the processors, unless they were shut down.
    #[inline]
    pub(crate) fn hand_on(self, Ended(added): Ended, record: Record<'_>) -> bool {
        let pipeline = &*self.tracer.pipeline;
        let span = record.context.span();
        if pipeline.is_shut_down() {
            return false;
        }
        let is_plain = added.is_none()
            && record.links.is_empty()
            && record.attributes.len() <= pipeline.most_plain();
        match pipeline.processors() {
            // Put together where the processor takes it: it is large.
            [only] if is_plain => only.on_end(self.data(record, &span)),
            processors => {
                let data = self.joined(record, &span, added);
                each(processors, data);
            }
        }
        true
    }

    #[allow(clippy::inline_always)] // It is large, and every move copies it.
    #[inline(always)]
    fn data(self, record: Record<'_>, span: &SpanRef<'_>) -> SpanData {
        SpanData {
            span_context: span.span_context().clone(),
            parent_span_id: self.parent,
            parent_span_is_remote: self.parent_is_remote,
            span_kind: record.definition.kind.clone(),
            name: Cow::Borrowed(record.definition.name),
            start_time: record.start,
            end_time: record.end,
            attributes: std::mem::take(record.attributes),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: record.status.unwrap_or_default(),
            instrumentation_scope: self.tracer.scope.clone(),
        }
    }

    /// With what the operation did not record by itself, and within the limits.
    #[cold]
    fn joined(self, record: Record<'_>, span: &SpanRef<'_>, added: Option<Box<Added>>) -> SpanData {
        let limits = self.tracer.pipeline.limits();
        let links = std::mem::take(record.links);
        let entered = record.entered;
        let mut data = self.data(record, span);
        data.links.links = links;
        if let Some(mut added) = added {
            // Those of the operation stay.
            let most = limits.max_attributes_per_span;
            let room = most.saturating_sub(u32::try_from(data.attributes.len()).unwrap_or(most));
            added.dropped_attributes += cut(&mut added.attributes, room);
            let entered = entered.min(data.attributes.len());
            data.attributes.splice(entered..entered, added.attributes);
            data.links.links.extend(added.links.links);
            data.links.dropped_count = added.links.dropped_count;
            data.dropped_attributes_count = added.dropped_attributes;
            data.events = added.events;
            data.status = stronger(added.status, std::mem::take(&mut data.status));
            data.name = added.name.unwrap_or(data.name);
            data.end_time = added.end.unwrap_or(data.end_time);
        }
        data.dropped_attributes_count += cut(&mut data.attributes, limits.max_attributes_per_span);
        data.links.dropped_count += cut(&mut data.links.links, limits.max_links_per_span);
        let limits = self.tracer.pipeline.all_limits();
        limits.limit_links(&mut data);
        limits.shorten(&mut data);
        data
    }
}
