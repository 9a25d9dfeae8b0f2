//! Opening and closing the span of an operation.

use super::contract_span::{Added, ContractSpan, end, stronger};
use super::unique::{cut, merged, set};
use super::{Pipeline, Record};
use crate::clock::{Moment, Reading, Start};
use crate::definition::{ContractDefinition, OperationDefinition};
use crate::ids;
use crate::local;
use crate::prediction::{self, Decision, SamplingPrediction};
use crate::probability;
use opentelemetry::trace::{Link, SpanContext, SpanId, SpanRef, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SpanData, SpanEvents, SpanLinks};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

/// The tracer of one contract in a set-up.
#[derive(Debug)]
pub(crate) struct ContractTracer {
    pipeline: Arc<Pipeline>,
    contract: &'static ContractDefinition,
}

/// What a tracer has to know again to close a span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BufferedSpan {
    tracer: &'static ContractTracer,
    parent: SpanId,
    parent_is_remote: bool,
}

impl ContractTracer {
    pub(crate) fn new(pipeline: Arc<Pipeline>, contract: &'static ContractDefinition) -> Self {
        Self { pipeline, contract }
    }

    /// Whether its sampler is that of the contract, and what is sampled records.
    pub(crate) fn is_predictable(&self) -> bool {
        self.pipeline.records_predictably()
    }

    /// Whether there is no processor, so that spans need not record.
    pub(crate) fn is_unseen(&self) -> bool {
        self.pipeline.is_unseen()
    }

    /// Opens a span that has started at `start`, or starts now, as an SDK's tracer does: identity and sampler. The
    /// attributes are those the sampler may see; it may add some. `opened` is given the context of what happens within,
    /// and, if the span records, what closes it and when it started. Tells whether anything can record.
    #[allow(clippy::inline_always)] // What is opened is put where it stays.
    #[inline(always)]
    pub(crate) fn open(
        &'static self,
        prediction: &SamplingPrediction,
        definition: &OperationDefinition,
        parent: &Context,
        (attributes, links): (&mut Vec<KeyValue>, &[Link]),
        start: Option<Moment>,
        opened: impl FnOnce(Context, Option<(BufferedSpan, Start)>),
    ) -> bool {
        let pipeline = &*self.pipeline;
        if parent.is_telemetry_suppressed() || pipeline.is_shut_down() {
            return false;
        }
        let span = parent.span();
        let above = span.span_context();
        if pipeline.records_predictably()
            && prediction.decision_in(parent, above) == Decision::Record
        {
            let (trace, own, flags) = ids::under(above);
            let flags = flags.with_sampled(true);
            let start = match start {
                None => Reading::start(above),
                Some(start) => Reading::of_earlier_start(above, start),
            };
            start.reading.share(own);
            let context = SpanContext::new(trace, own, flags, false, probability::inherited(above));
            pipeline.opened(&context, definition.name);
            let span = ContractSpan::new(context, pipeline.limits());
            opened(parent.with_span(span), Some((self.buffer(above), start)));
        } else {
            let seen = (attributes, links);
            let (context, buffered) = self.ask(prediction, definition, parent, seen, start);
            opened(context, buffered);
        }
        true
    }

    /// The context of an operation whose span is known not to be sampled: with an identity of its own, which is all that
    /// such a span is. `None` where an SDK would not make one either.
    #[inline]
    pub(crate) fn unsampled(&self, parent: &Context) -> Option<Context> {
        if parent.is_telemetry_suppressed() || self.pipeline.is_shut_down() {
            return None;
        }
        let span = parent.span();
        let above = span.span_context();
        let (trace, own, flags) = ids::under(above);
        let flags = flags.with_sampled(false);
        let context = SpanContext::new(trace, own, flags, false, probability::inherited(above));
        // No box for the span, as `with_span` would need.
        Some(parent.with_remote_span_context(context))
    }

    #[inline(never)]
    fn ask(
        &'static self,
        prediction: &SamplingPrediction,
        definition: &OperationDefinition,
        parent: &Context,
        (attributes, links): (&mut Vec<KeyValue>, &[Link]),
        start: Option<Moment>,
    ) -> (Context, Option<(BufferedSpan, Start)>) {
        let start = start.unwrap_or_else(Moment::now);
        let span = parent.span();
        let above = span.span_context();
        let (trace, own, flags) = ids::under(above);
        let before = prediction.before_start(parent, above);
        let (name, kind) = (definition.name, &definition.kind);
        let sampler = self.pipeline.sampler();
        let _during = local::During::span();
        let sampled = sampler.should_sample(Some(parent), trace, name, kind, attributes, links);
        let recording = sampled.decision != SamplingDecision::Drop;
        if !self.pipeline.is_predictable() {
            // A sampler around that of the contract decides otherwise without saying so.
            prediction::discard_reason();
        }
        prediction.after_start(before, above, recording);
        let flags = flags.with_sampled(sampled.decision == SamplingDecision::RecordAndSample);
        let context = SpanContext::new(trace, own, flags, false, sampled.trace_state);
        if !recording || self.pipeline.is_unseen() {
            // Nothing but its identity is of use.
            return (parent.with_remote_span_context(context), None);
        }
        for attribute in sampled.attributes {
            set(attributes, attribute, u32::MAX);
        }
        self.pipeline.opened(&context, definition.name);
        let start = Reading::of_earlier_start(above, start);
        start.reading.share(own);
        let span = ContractSpan::new(context, self.pipeline.limits());
        (parent.with_span(span), Some((self.buffer(above), start)))
    }

    #[inline]
    fn buffer(&'static self, above: &SpanContext) -> BufferedSpan {
        let is_parent = above.is_valid();
        BufferedSpan {
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

/// What others had added to a span when it ended.
#[derive(Debug)]
pub(crate) struct Ended(Option<Box<Added>>);

impl Ended {
    /// Ends the span that others see.
    #[inline]
    pub(crate) fn of(context: &Context, at: SystemTime) -> Self {
        Self(end(&context.span(), at))
    }

    /// Whether they set attributes.
    #[inline]
    pub(crate) fn has_attributes(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|added| !added.attributes.is_empty())
    }

    /// Whether they ended it before.
    #[inline]
    pub(crate) fn by_others(&self) -> bool {
        self.0.as_ref().is_some_and(|added| added.end.is_some())
    }
}

impl BufferedSpan {
    /// Hands a span that has ended to the processors, unless they were shut down.
    #[inline]
    pub(crate) fn hand_on(&self, Ended(added): Ended, record: &mut Record<'_>) -> bool {
        let pipeline = &*self.tracer.pipeline;
        let span = record.context.span();
        if pipeline.is_shut_down() {
            return false;
        }
        let is_plain = added.is_none()
            && record.links.is_empty()
            && record.attributes.len() <= pipeline.most_plain();
        let processors = pipeline.processors();
        if is_plain {
            processors.on_end(|| self.data(record, &span));
        } else {
            processors.on_end(|| self.joined(record, &span, added));
        }
        true
    }

    #[allow(clippy::inline_always)] // It is large, and every move copies it.
    #[inline(always)]
    fn data(&self, record: &mut Record<'_>, span: &SpanRef<'_>) -> SpanData {
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
            status: record.status.take().unwrap_or_default(),
            // Made anew: a copy would read back what it has just written, which is slow.
            instrumentation_scope: self.tracer.contract.scope(),
        }
    }

    /// With what the operation did not record by itself, and within the limits.
    #[cold]
    fn joined(
        &self,
        record: &mut Record<'_>,
        span: &SpanRef<'_>,
        added: Option<Box<Added>>,
    ) -> SpanData {
        let limits = self.tracer.pipeline.limits();
        let links = std::mem::take(record.links);
        let entered = record.entered;
        let mut data = self.data(record, span);
        data.links.links = links;
        if let Some(mut added) = added {
            let others = std::mem::take(&mut added.attributes);
            let mut others = merged(&mut data.attributes, entered, others);
            // Those of the operation stay.
            let most = limits.max_attributes_per_span;
            let room = most.saturating_sub(u32::try_from(data.attributes.len()).unwrap_or(most));
            added.dropped_attributes += cut(&mut others, room);
            let entered = entered.min(data.attributes.len());
            data.attributes.splice(entered..entered, others);
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
