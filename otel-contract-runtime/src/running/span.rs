//! The span of an operation: an SDK's, which holds what it is given, or one of a set-up, whose attributes
//! are kept by the operation until it ends.

use super::{Running, SpanState};
use crate::clock;
use crate::current;
use crate::foresight::Foresight;
use crate::local;
use crate::slots::Late;
use crate::span::{ContractTracer, Ended, Held, Record};
use crate::telemetry::{self, ContractTelemetry, push_static};
use opentelemetry::trace::{SpanBuilder, Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use std::borrow::Cow;
use std::time::SystemTime;

impl Running {
    /// Opens the span of a set-up, whose sampler is asked.
    pub(super) fn open(&mut self, tracer: &'static ContractTracer, telemetry: &ContractTelemetry) {
        self.definition
            .contract
            .add_other_keys(&mut self.attributes);
        self.wall = self.since.map(clock::wall);
        let foresight = telemetry.foresight(self.definition);
        let parent = self.parent.take();
        let parent = parent.unwrap_or_else(Context::current);
        if !self.open_under(&parent, tracer, foresight) {
            self.context = Some(parent);
        }
    }

    /// Opens it under this parent. Whether there is anything that records.
    pub(super) fn open_under(
        &mut self,
        parent: &Context,
        tracer: &'static ContractTracer,
        foresight: &Foresight,
    ) -> bool {
        let Self {
            definition,
            attributes,
            links,
            span,
            context,
            ..
        } = self;
        let seen = (attributes, &**links);
        tracer.open(foresight, definition, parent, seen, |within, held| {
            *span = held.map_or(SpanState::Off, SpanState::Held);
            *context = Some(current::within(within, definition));
        })
    }

    /// Starts the span.
    pub(super) fn build(&mut self, telemetry: &ContractTelemetry) {
        let implicit;
        let parent = match &self.parent {
            Some(parent) => parent,
            None => {
                implicit = Context::current();
                &implicit
            }
        };
        self.wall = self.since.map(clock::wall);
        let links = std::mem::take(&mut self.links);
        self.definition
            .contract
            .add_other_keys(&mut self.attributes);
        let builder = SpanBuilder {
            span_kind: Some(self.definition.kind.clone()),
            name: Cow::Borrowed(self.definition.name),
            start_time: self.wall,
            attributes: Some(std::mem::take(&mut self.attributes)),
            events: None,
            links: (!links.is_empty()).then_some(links),
        };
        match telemetry.start(self.definition, builder, parent) {
            Some((context, recording)) => {
                self.context = Some(current::within(context, self.definition));
                self.span = if recording {
                    SpanState::Live
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

    /// Ends a span that is held. Whether it went to the processors.
    #[inline]
    pub(super) fn hand_on(
        &mut self,
        held: Held,
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
        let mut status = status;
        if ended.by_others() {
            // As it was then; what comes after the end of a span is lost.
            self.attributes.truncate(self.entered);
            status = None;
        } else {
            for (index, value) in values.into_iter().flatten() {
                if let Some(shown) = telemetry.shown(self.definition, index, value) {
                    self.put(shown);
                }
            }
            if let Some(class) = class {
                push_static(&mut self.attributes, "error.type", class);
            }
        }
        let Some(context) = &self.context else {
            return false;
        };
        let _during = local::During::span();
        held.hand_on(
            ended,
            Record {
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
            span.set_attribute(KeyValue::new("error.type", class));
        }
        if let Some(status) = status {
            span.set_status(status);
        }
        span.end_with_timestamp(end);
    }
}
