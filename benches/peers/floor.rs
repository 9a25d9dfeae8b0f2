//! Lower limit of instrumentation with the SDK: an attached span with the five attributes in one vector of exact capacity,
//! and one histogram measurement and two counter measurements through bound handles.

use crate::workload::{BOUNDARIES, DEPENDENCY, Job, Timeout, work};
use opentelemetry::metrics::{BoundHistogram, BoundUpDownCounter, Meter};
use opentelemetry::trace::{
    SpanBuilder, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;
use std::time::Instant;

pub(crate) struct Floor {
    tracer: SdkTracer,
    duration: BoundHistogram<f64>,
    active: BoundUpDownCounter<i64>,
}

impl Floor {
    /// Creates the floor, with handles bound to the dimensions of this job.
    pub(crate) fn new(tracer: SdkTracer, meter: &Meter, job: Job<'static>) -> Self {
        let dimensions = [
            KeyValue::new("account.tier", job.tier.as_str()),
            KeyValue::new("queue.name", job.queue),
        ];
        let duration = meter
            .f64_histogram("job.run.duration")
            .with_boundaries(BOUNDARIES.to_vec())
            .build();
        let active = meter.i64_up_down_counter("job.run.active").build();
        Self {
            tracer,
            duration: duration.bind(&dimensions),
            active: active.bind(&dimensions),
        }
    }

    pub(crate) fn run(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let start = Instant::now();
        let mut builder = SpanBuilder::from_name("job.run");
        builder.attributes = Some(vec![
            KeyValue::new("order.id", job.order_id.to_owned()),
            KeyValue::new("account.tier", job.tier.as_str()),
            KeyValue::new("dependency", DEPENDENCY),
            KeyValue::new("retry.attempt", job.attempt),
            KeyValue::new("queue.name", job.queue.to_owned()),
        ]);
        let parent = Context::current();
        let span = self.tracer.build_with_context(builder, &parent);
        let context = parent.with_span(span);
        self.active.add(1);
        let guard = context.clone().attach();
        let result = work(job);
        drop(guard);
        context.span().end();
        self.active.add(-1);
        self.duration.record(start.elapsed().as_secs_f64());
        result
    }

    /// Lower limit for the root of an unsampled trace: attaches a context with a span context, which code inside the
    /// operation sees, and records the metrics. Calls no sampler, and uses constant ids.
    pub(crate) fn run_unsampled(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let start = Instant::now();
        self.active.add(1);
        let span_context = SpanContext::new(
            TraceId::from(1),
            SpanId::from(1),
            TraceFlags::NOT_SAMPLED,
            false,
            TraceState::NONE,
        );
        let context = Context::current().with_remote_span_context(span_context);
        let guard = context.attach();
        let result = work(job);
        drop(guard);
        self.active.add(-1);
        self.duration.record(start.elapsed().as_secs_f64());
        result
    }
}
