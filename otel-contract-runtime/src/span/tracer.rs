//! Starts and ends the buffered span of an operation.

use super::contract_span::{Additions, ContractSpan, end, stronger};
use super::unique::{cut, merge, set};
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

/// A started span whose attributes are buffered by its operation: everything that is needed to end the span, except for
/// the record of the operation.
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

    /// Whether the sampler is predictable and sampled spans record.
    pub(crate) fn is_predictable(&self) -> bool {
        self.pipeline.records_predictably()
    }

    /// Whether there is no processor, so that no span needs to record.
    pub(crate) fn has_no_processor(&self) -> bool {
        self.pipeline.has_no_processor()
    }

    /// Opens a span as an SDK tracer does: with a new span context and a decision of the sampler. The span starts at
    /// `start`; `None`: now.
    ///
    /// `attributes` are visible to the sampler, which may add more. `opened` gets the context of the body, and, if the
    /// span records, the buffered span and its start. Returns `false` without calling `opened` if telemetry is suppressed
    /// or has been shut down.
    #[allow(clippy::inline_always)] // Writes the span to its final location instead of moving it.
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
        let parent_span = span.span_context();
        if pipeline.records_predictably()
            && prediction.decision_in(parent, parent_span) == Decision::Record
        {
            let (trace, span_id, inherited_flags) = ids::new_span(parent_span);
            let flags = inherited_flags.with_sampled(true);
            let start = match start {
                None => Reading::start(parent_span),
                Some(start) => Reading::start_at(parent_span, start),
            };
            start.reading.share(span_id);
            let context = SpanContext::new(
                trace,
                span_id,
                flags,
                false,
                probability::inherited(parent_span),
            );
            pipeline.notify_opened(&context, definition.name);
            let span = ContractSpan::new(context, pipeline.limits());
            opened(
                parent.with_span(span),
                Some((self.buffer(parent_span), start)),
            );
        } else {
            let sampler_input = (attributes, links);
            let (context, buffered) =
                self.ask_sampler(prediction, definition, parent, sampler_input, start);
            opened(context, buffered);
        }
        true
    }

    /// Returns the context of an operation whose span is predicted not to be sampled. The span has a span context of its
    /// own and nothing else. `None` if telemetry is suppressed or has been shut down, where an SDK would not create a span
    /// either.
    #[inline]
    pub(crate) fn unsampled(&self, parent: &Context) -> Option<Context> {
        if parent.is_telemetry_suppressed() || self.pipeline.is_shut_down() {
            return None;
        }
        let span = parent.span();
        let parent_span = span.span_context();
        let (trace, span_id, inherited_flags) = ids::new_span(parent_span);
        let flags = inherited_flags.with_sampled(false);
        let context = SpanContext::new(
            trace,
            span_id,
            flags,
            false,
            probability::inherited(parent_span),
        );
        // `with_span` would allocate a box for the span.
        Some(parent.with_remote_span_context(context))
    }

    /// Opens a span whose sampling decision is not predicted.
    #[inline(never)]
    fn ask_sampler(
        &'static self,
        prediction: &SamplingPrediction,
        definition: &OperationDefinition,
        parent: &Context,
        (attributes, links): (&mut Vec<KeyValue>, &[Link]),
        start: Option<Moment>,
    ) -> (Context, Option<(BufferedSpan, Start)>) {
        let moment = start.unwrap_or_else(Moment::now);
        let span = parent.span();
        let parent_span = span.span_context();
        let (trace, span_id, inherited_flags) = ids::new_span(parent_span);
        let predicted = prediction.before_start(parent, parent_span);
        let (name, kind) = (definition.name, &definition.kind);
        let sampler = self.pipeline.sampler();
        let _phase = local::PhaseGuard::span();
        let sampled = sampler.should_sample(Some(parent), trace, name, kind, attributes, links);
        let recording = sampled.decision != SamplingDecision::Drop;
        if !self.pipeline.is_predictable() {
            // Another sampler wraps the sampler of the contract, and may overrule it without reporting a reason.
            prediction::discard_reason();
        }
        prediction.after_start(predicted, parent_span, recording);
        let is_sampled = sampled.decision == SamplingDecision::RecordAndSample;
        let flags = inherited_flags.with_sampled(is_sampled);
        let context = SpanContext::new(trace, span_id, flags, false, sampled.trace_state);
        if !recording || self.pipeline.has_no_processor() {
            // Only the span context is needed.
            return (parent.with_remote_span_context(context), None);
        }
        for attribute in sampled.attributes {
            set(attributes, attribute, u32::MAX);
        }
        self.pipeline.notify_opened(&context, definition.name);
        let start = Reading::start_at(parent_span, moment);
        start.reading.share(span_id);
        let span = ContractSpan::new(context, self.pipeline.limits());
        (
            parent.with_span(span),
            Some((self.buffer(parent_span), start)),
        )
    }

    #[inline]
    fn buffer(&'static self, parent_span: &SpanContext) -> BufferedSpan {
        let is_parent = parent_span.is_valid();
        BufferedSpan {
            tracer: self,
            parent: if is_parent {
                parent_span.span_id()
            } else {
                SpanId::INVALID
            },
            parent_is_remote: is_parent && parent_span.is_remote(),
        }
    }
}

/// Additions of other code to a span that has ended.
#[derive(Debug)]
pub(crate) struct EndedSpan(Option<Box<Additions>>);

impl EndedSpan {
    /// Ends the span that the context shows to other code.
    #[inline]
    pub(crate) fn end(context: &Context, at: SystemTime) -> Self {
        Self(end(&context.span(), at))
    }

    /// Whether other code set attributes.
    #[inline]
    pub(crate) fn has_attributes(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|additions| !additions.attributes.is_empty())
    }

    /// Whether other code ended the span before the operation did.
    #[inline]
    pub(crate) fn is_ended_by_others(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|additions| additions.end.is_some())
    }
}

impl BufferedSpan {
    /// Passes a span that has ended to the processors. Returns `false` if they were shut down.
    #[inline]
    pub(crate) fn deliver(&self, EndedSpan(additions): EndedSpan, record: &mut Record<'_>) -> bool {
        let pipeline = &*self.tracer.pipeline;
        let span = record.context.span();
        if pipeline.is_shut_down() {
            return false;
        }
        let is_plain = additions.is_none()
            && record.links.is_empty()
            && record.attributes.len() <= pipeline.max_plain_attributes();
        let processors = pipeline.processors();
        if is_plain {
            processors.on_end(|| self.data(record, &span));
        } else {
            processors.on_end(|| self.merged_data(record, &span, additions));
        }
        true
    }

    /// Returns the span as the operation recorded it. Links and additions of other code are not included, and limits are
    /// not applied.
    #[allow(clippy::inline_always)] // `SpanData` is large, and every move copies it.
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
            // Built here instead of cloned from a stored scope: a clone is slow to read back, see “Store forwarding” in
            // `active_operation`.
            instrumentation_scope: self.tracer.contract.scope(),
        }
    }

    /// Returns the span with links and the additions of other code, within the limits.
    #[cold]
    fn merged_data(
        &self,
        record: &mut Record<'_>,
        span: &SpanRef<'_>,
        additions: Option<Box<Additions>>,
    ) -> SpanData {
        let limits = self.tracer.pipeline.limits();
        let links = std::mem::take(record.links);
        let entry_count = record.entry_attributes;
        let mut data = self.data(record, span);
        data.links.links = links;
        if let Some(mut additions) = additions {
            let others = std::mem::take(&mut additions.attributes);
            let mut added = merge(&mut data.attributes, entry_count, others);
            // The limit drops attributes of other code before attributes of the operation.
            let max = limits.max_attributes_per_span;
            let room = max.saturating_sub(u32::try_from(data.attributes.len()).unwrap_or(max));
            additions.dropped_attributes += cut(&mut added, room);
            // The additions are inserted after the entry attributes, which were set earlier, and before the attributes
            // that were set after the body began.
            let index = entry_count.min(data.attributes.len());
            data.attributes.splice(index..index, added);
            data.links.links.extend(additions.links.links);
            data.links.dropped_count = additions.links.dropped_count;
            data.dropped_attributes_count = additions.dropped_attributes;
            data.events = additions.events;
            data.status = stronger(additions.status, std::mem::take(&mut data.status));
            data.name = additions.name.unwrap_or(data.name);
            data.end_time = additions.end.unwrap_or(data.end_time);
        }
        data.dropped_attributes_count += cut(&mut data.attributes, limits.max_attributes_per_span);
        data.links.dropped_count += cut(&mut data.links.links, limits.max_links_per_span);
        let limits = self.tracer.pipeline.all_limits();
        limits.limit_links(&mut data);
        limits.shorten(&mut data);
        data
    }
}
