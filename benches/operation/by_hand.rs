//! As OpenTelemetry's documentation teaches: tracer and instruments made once, a span in a context, a
//! histogram and a counter of what runs.

use super::workload::{BOUNDARIES, DEPENDENCY, Job, Timeout, work};
use opentelemetry::metrics::{Histogram, Meter, UpDownCounter};
use opentelemetry::trace::{Status, TraceContextExt as _, Tracer};
use opentelemetry::{Context, KeyValue};
use std::time::Instant;

pub(crate) struct ByHand<T> {
    pub(crate) tracer: T,
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl<T: Tracer> ByHand<T>
where
    T::Span: Send + Sync + 'static,
{
    pub(crate) fn new(tracer: T, meter: &Meter) -> Self {
        Self {
            tracer,
            duration: meter
                .f64_histogram("job.run.duration")
                .with_unit("s")
                .with_boundaries(BOUNDARIES.to_vec())
                .build(),
            active: meter.i64_up_down_counter("job.run.active").build(),
        }
    }

    /// A span with its metrics.
    pub(crate) fn run(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let start = Instant::now();
        let dimensions = [
            KeyValue::new("account.tier", job.tier.as_str()),
            KeyValue::new("queue.name", job.queue.to_owned()),
        ];
        self.active.add(1, &dimensions);
        let result = self.span(job);
        self.active.add(-1, &dimensions);
        let [tier, queue] = dimensions;
        let seconds = start.elapsed().as_secs_f64();
        match &result {
            Ok(_) => self.duration.record(seconds, &[tier, queue]),
            Err(_) => {
                let class = KeyValue::new("error.type", "gateway_timeout");
                self.duration.record(seconds, &[tier, queue, class]);
            }
        }
        result
    }

    /// The span alone.
    pub(crate) fn span(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let span = self
            .tracer
            .span_builder("job.run")
            .with_attributes([
                KeyValue::new("order.id", job.order_id.to_owned()),
                KeyValue::new("account.tier", job.tier.as_str()),
                KeyValue::new("dependency", DEPENDENCY),
                KeyValue::new("retry.attempt", job.attempt),
                KeyValue::new("queue.name", job.queue.to_owned()),
            ])
            .start(&self.tracer);
        let context = Context::current_with_span(span);
        let guard = context.clone().attach();
        let result = work(job);
        drop(guard);
        if result.is_err() {
            let span = context.span();
            span.set_attribute(KeyValue::new("error.type", "gateway_timeout"));
            span.set_status(Status::error(""));
        }
        context.span().end();
        result
    }
}
