//! The span of an operation: an SDK's, which holds what it is given, or one of a set-up, whose attributes
//! are kept by the operation until it ends.

use super::attributes::bit;
use super::{ActiveOperation, SpanState};
use crate::clock::{Moment, Reading, Start};
use crate::current;
use crate::local;
use crate::prediction::SamplingPrediction;
use crate::slots::Late;
use crate::span::{BufferedSpan, ContractTracer, Ended, Record};
use crate::telemetry::{self, ContractTelemetry, push_static};
use opentelemetry::trace::{SpanBuilder, SpanContext, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use std::borrow::Cow;
use std::time::SystemTime;

/// Key of the class of a failure.
const ERROR_TYPE: &str = "error.type";

impl ActiveOperation {
    /// Opens the span of a set-up, whose sampler is asked.
    pub(super) fn open(&mut self, tracer: &'static ContractTracer, telemetry: &ContractTelemetry) {
        self.definition
            .contract
            .add_other_keys(&mut self.attributes);
        let prediction = telemetry.prediction(self.definition);
        let parent = self.parent.take();
        let parent = parent.unwrap_or_else(Context::current);
        let seen = self.attributes.len();
        if !self.open_under(&parent, tracer, prediction) {
            self.context = Some(parent);
        }
        if self.attributes.len() > seen {
            self.note_given(seen);
        }
    }

    /// The sampler has added attributes, after the first `seen`: those of the operation with the same key get the place
    /// of theirs.
    #[cold]
    fn note_given(&mut self, seen: usize) {
        self.sampler_added = true;
        let by_sampler = &self.attributes[seen..];
        for (index, own) in self.definition.attributes.iter().enumerate() {
            if by_sampler.iter().any(|other| other.key.as_str() == own.key) {
                self.given |= bit(index);
            }
        }
    }

    /// Opens it under this parent. Whether there is anything that records.
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
        let seen = (attributes, &**links);
        tracer.open(
            prediction,
            definition,
            parent,
            seen,
            *since,
            |within, buffered| {
                *span = SpanState::Off;
                if let Some((buffered, placed)) = buffered {
                    *span = SpanState::Buffered(buffered);
                    *since = Some(placed.moment);
                    *start = Some(placed.wall);
                }
                *context = Some(current::within(within, definition));
            },
        )
    }

    /// Starts a span of a provider that was handed over.
    pub(super) fn build(&mut self, telemetry: &ContractTelemetry) {
        let Some(since) = self.since else {
            return;
        };
        if self.reading.is_none() {
            self.place_earlier(since);
        }
        self.start_span(telemetry, self.start);
    }

    /// Places the span in time.
    pub(super) fn place(&mut self, start: Start) {
        self.since = Some(start.moment);
        self.start = Some(start.wall);
        self.reading = Some(start.reading);
    }

    /// Places a span in time whose sampler has not been asked yet.
    #[cold]
    fn place_earlier(&mut self, since: Moment) {
        let placed =
            |parent: &Context| Reading::of_earlier_start(parent.span().span_context(), since);
        let start = match &self.parent {
            Some(parent) => placed(parent),
            None => Context::map_current(placed),
        };
        self.place(start);
    }

    /// Gives an operation that is not sampled an identity of its own, where that has not been done yet. A provider that
    /// was handed over makes it itself, since it may have a way of its own to do so.
    pub(super) fn identify(&mut self, parent: Option<Context>, telemetry: &ContractTelemetry) {
        if telemetry.own_tracer().is_none() {
            self.parent = parent;
            self.start_span(telemetry, None);
            if self.is_recording() {
                // The sampler decided otherwise than before.
                let since = *self.since.get_or_insert_with(Moment::now);
                self.start = Some(Reading::of_earlier_start(&SpanContext::NONE, since).wall);
            }
        } else {
            self.context = current::following(parent, self.definition);
        }
    }

    /// Starts a span now, or at this moment. An SDK that does not sample it gives it an identity all the same.
    #[inline]
    fn start_span(&mut self, telemetry: &ContractTelemetry, start: Option<SystemTime>) {
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
                self.context = Some(current::within(context, self.definition));
                self.span = if recording {
                    SpanState::Sdk
                } else {
                    SpanState::Off
                };
            }
            None => {
                telemetry::looked(!telemetry.is_unmeasured());
                self.context = self.parent.take();
                self.span = SpanState::Off;
            }
        }
    }

    /// Ends a span that is buffered. Whether it went to the processors.
    #[inline]
    pub(super) fn hand_on(
        &mut self,
        buffered: BufferedSpan,
        telemetry: &ContractTelemetry,
        values: Option<Late>,
        class: Option<&'static str>,
        status: Option<Status>,
        (start, end): (SystemTime, SystemTime),
    ) -> bool {
        let Some(context) = &self.context else {
            return false;
        };
        let ended = Ended::of(context, end);
        let is_shared = ended.has_attributes();
        let mut status = status;
        if ended.by_others() {
            // As it was then; what comes after the end of a span is lost.
            self.attributes.truncate(self.entered);
            status = None;
        } else {
            for (index, value) in values.into_iter().flatten() {
                if let Some(shown) = telemetry.shown(self.definition, index, value) {
                    self.put(shown, is_shared);
                }
            }
            match class {
                Some(class) if self.sampler_added => {
                    self.put(KeyValue::new(ERROR_TYPE, class), is_shared);
                }
                Some(class) => push_static(&mut self.attributes, ERROR_TYPE, class),
                None => {}
            }
        }
        let Some(context) = &self.context else {
            return false;
        };
        let _during = local::During::span();
        buffered.hand_on(
            ended,
            &mut Record {
                definition: self.definition,
                context,
                start,
                end,
                attributes: &mut self.attributes,
                entered: self.entered,
                links: &mut self.links,
                status,
            },
        )
    }

    /// Tells the SDK's span how the operation ended.
    pub(super) fn tell_span(
        &self,
        telemetry: &ContractTelemetry,
        values: Option<Late>,
        class: Option<&'static str>,
        status: Option<Status>,
        end: SystemTime,
    ) {
        let Some(context) = &self.context else {
            return;
        };
        let _during = local::During::span();
        let span = context.span();
        let shown = |(index, value)| telemetry.shown(self.definition, index, value);
        let shown = values.into_iter().flatten().filter_map(shown);
        let mut shown: Vec<KeyValue> = shown.collect();
        self.definition.contract.add_other_keys(&mut shown);
        if !shown.is_empty() {
            span.set_attributes(shown);
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
