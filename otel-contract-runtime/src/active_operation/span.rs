//! The span of an operation: an SDK span, which stores its attributes, or a buffered span of a set-up, whose attributes
//! the operation keeps until it ends.

use super::attributes::bit;
use super::{ActiveOperation, SpanState};
use crate::clock::{Moment, Reading, Start};
use crate::current;
use crate::local;
use crate::prediction::SamplingPrediction;
use crate::slots::LateValues;
use crate::span::{BufferedSpan, ContractTracer, EndedSpan, Record};
use crate::telemetry::{self, ContractTelemetry, push_static};
use opentelemetry::trace::{Link, SpanBuilder, SpanContext, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use std::borrow::Cow;
use std::time::SystemTime;

/// Attribute key of the error class.
const ERROR_TYPE: &str = "error.type";

impl ActiveOperation {
    /// Opens a buffered span after asking the sampler.
    pub(super) fn open(&mut self, tracer: &'static ContractTracer, telemetry: &ContractTelemetry) {
        self.definition
            .contract
            .add_other_keys(&mut self.attributes);
        let prediction = telemetry.prediction(self.definition);
        let parent = self.parent.take();
        let parent = parent.unwrap_or_else(Context::current);
        let count_before = self.attributes.len();
        if !self.open_under(&parent, tracer, prediction) {
            self.context = Some(parent);
        }
        if self.attributes.len() > count_before {
            self.note_present_attributes(count_before);
        }
    }

    /// Notes the attributes from index `first`, which the sampler or a server layer has set: an operation attribute with
    /// the same key replaces their value.
    #[cold]
    pub(crate) fn note_present_attributes(&mut self, first: usize) {
        self.may_replace = true;
        let present = &self.attributes[first..];
        for (index, own) in self.definition.attributes.iter().enumerate() {
            if present.iter().any(|other| other.key.as_str() == own.key) {
                self.already_set |= bit(index);
            }
        }
    }

    /// Opens a buffered span under this parent. Returns `false` if telemetry is suppressed or has been shut down.
    pub(super) fn open_under(
        &mut self,
        parent: &Context,
        tracer: &'static ContractTracer,
        prediction: &SamplingPrediction,
    ) -> bool {
        let Self {
            definition,
            attributes,
            links,
            span,
            context,
            start,
            since,
            ..
        } = self;
        let sampler_input = (attributes, &**links);
        tracer.open(
            prediction,
            definition,
            parent,
            sampler_input,
            *since,
            |body_context, buffered| {
                *span = SpanState::Off;
                if let Some((buffered, span_start)) = buffered {
                    *span = SpanState::Buffered(buffered);
                    *since = Some(span_start.moment);
                    *start = Some(span_start.wall);
                }
                *context = Some(current::with_operation(body_context, definition));
            },
        )
    }

    /// Builds a span that starts when the operation started. Its provider does not belong to a set-up.
    pub(super) fn start_sdk_span(&mut self, telemetry: &ContractTelemetry) {
        let Some(since) = self.since else {
            return;
        };
        if self.reading.is_none() {
            self.set_earlier_start(since);
        }
        self.build_span(telemetry, self.start);
    }

    /// Sets the start on both clocks.
    pub(super) fn set_start(&mut self, start: Start) {
        self.since = Some(start.moment);
        self.start = Some(start.wall);
        self.reading = Some(start.reading);
    }

    /// Sets the start of an operation that read only the monotonic clock when it started.
    #[cold]
    fn set_earlier_start(&mut self, since: Moment) {
        let start_under = |parent: &Context| Reading::start_at(parent.span().span_context(), since);
        let start = match &self.parent {
            Some(parent) => start_under(parent),
            None => Context::map_current(start_under),
        };
        self.set_start(start);
    }

    /// Gives an operation that is not sampled a span context of its own. A provider that does not belong to a set-up creates
    /// the span context, because it may generate ids in its own way.
    pub(super) fn assign_span_context(
        &mut self,
        parent: Option<Context>,
        telemetry: &ContractTelemetry,
    ) {
        if telemetry.contract_tracer().is_none() {
            self.parent = parent;
            self.build_span(telemetry, None);
            if self.has_recording_span() {
                // The sampler decided differently from the prediction.
                let since = *self.since.get_or_insert_with(Moment::now);
                self.start = Some(Reading::start_at(&SpanContext::NONE, since).wall);
            }
        } else {
            self.context = current::without_span(parent, self.definition);
        }
    }

    /// Builds a span that starts at `start`; `None`: now. An SDK assigns a span context even if it does not sample the
    /// span.
    #[inline]
    fn build_span(&mut self, telemetry: &ContractTelemetry, start: Option<SystemTime>) {
        let implicit;
        let parent = match &self.parent {
            Some(parent) => parent,
            None => {
                implicit = Context::current();
                &implicit
            }
        };
        let links = std::mem::take(&mut self.links);
        self.definition
            .contract
            .add_other_keys(&mut self.attributes);
        let builder = SpanBuilder {
            span_kind: Some(self.definition.kind.clone()),
            name: Cow::Borrowed(self.definition.name),
            start_time: start,
            attributes: Some(std::mem::take(&mut self.attributes)),
            events: None,
            links: (!links.is_empty()).then_some(links),
        };
        match telemetry.start(self.definition, builder, parent) {
            Some((context, recording)) => {
                if let (true, Some(reading)) = (recording, self.reading) {
                    reading.share(context.span().span_context().span_id());
                }
                self.context = Some(current::with_operation(context, self.definition));
                self.span = if recording {
                    SpanState::Sdk
                } else {
                    SpanState::Off
                };
            }
            None => {
                let is_unrecorded = telemetry.is_unmeasured();
                telemetry::note_lookup(!is_unrecorded);
                if is_unrecorded {
                    telemetry::note_unrecorded(self.definition);
                }
                self.context = current::without_span(self.parent.take(), self.definition);
                self.span = SpanState::Off;
            }
        }
    }

    /// Adds links to an operation that has begun.
    pub(crate) fn add_links(&mut self, links: Vec<Link>) {
        match (self.span, &self.context) {
            (SpanState::Sdk, Some(context)) => {
                for link in links {
                    context.span().add_link(link.span_context, link.attributes);
                }
            }
            _ => self.links.extend(links),
        }
    }

    /// Ends a buffered span. Returns whether it was passed to the processors.
    #[inline]
    pub(super) fn end_buffered_span(
        &mut self,
        buffered: BufferedSpan,
        telemetry: &ContractTelemetry,
        values: Option<LateValues>,
        class: Option<&'static str>,
        mut status: Option<Status>,
        (start, end): (SystemTime, SystemTime),
    ) -> bool {
        let Some(context) = &self.context else {
            return false;
        };
        let ended = EndedSpan::end(context, end);
        let has_additions = ended.has_attributes();
        if ended.is_ended_by_others() {
            // Attributes and a status that are set after the end of a span are lost.
            self.attributes.truncate(self.entry_attributes);
            status = None;
        } else {
            for (index, value) in values.into_iter().flatten() {
                if let Some(attribute) = telemetry.key_value(self.definition, index, value) {
                    self.set_buffered(attribute, has_additions);
                }
            }
            match class {
                Some(class) if self.may_replace => {
                    self.set_buffered(KeyValue::new(ERROR_TYPE, class), has_additions);
                }
                Some(class) => push_static(&mut self.attributes, ERROR_TYPE, class),
                None => {}
            }
        }
        let Some(context) = &self.context else {
            return false;
        };
        let _phase = local::PhaseGuard::span();
        buffered.deliver(
            ended,
            &mut Record {
                definition: self.definition,
                context,
                start,
                end,
                attributes: &mut self.attributes,
                entry_attributes: self.entry_attributes,
                links: &mut self.links,
                status,
            },
        )
    }

    /// Ends an SDK span with the outcome of the operation.
    pub(super) fn end_sdk_span(
        &self,
        telemetry: &ContractTelemetry,
        values: Option<LateValues>,
        class: Option<&'static str>,
        status: Option<Status>,
        end: SystemTime,
    ) {
        let Some(context) = &self.context else {
            return;
        };
        let _phase = local::PhaseGuard::span();
        let span = context.span();
        let key_value = |(index, value)| telemetry.key_value(self.definition, index, value);
        let late = values.into_iter().flatten().filter_map(key_value);
        let mut late: Vec<KeyValue> = late.collect();
        self.definition.contract.add_other_keys(&mut late);
        if !late.is_empty() {
            span.set_attributes(late);
        }
        if let Some(class) = class {
            span.set_attribute(KeyValue::new(ERROR_TYPE, class));
        }
        if let Some(status) = status {
            span.set_status(status);
        }
        span.end_with_timestamp(end);
    }
}
