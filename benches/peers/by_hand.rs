//! Hand-written instrumentation as in OpenTelemetry's documentation: a tracer obtained once from the global provider, and a
//! span with attributes in a context that is attached while the body runs. On failure, a status and `error.type`.

use crate::instruments::Instruments;
use crate::polls::{Polls, Wait};
use crate::workload::{DEPENDENCY, Job, Timeout, work};
use opentelemetry::metrics::Meter;
use opentelemetry::trace::{FutureExt as _, Status, TraceContextExt as _, Tracer};
use opentelemetry::{Context, KeyValue};

pub(crate) struct ByHand<T> {
    tracer: T,
    instruments: Instruments,
}

impl<T: Tracer> ByHand<T>
where
    T::Span: Send + Sync + 'static,
{
    pub(crate) fn new(tracer: T, meter: &Meter) -> Self {
        Self {
            tracer,
            instruments: Instruments::new(meter),
        }
    }

    fn start(&self, job: Job<'_>) -> Context {
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
        Context::current_with_span(span)
    }

    /// Runs the body in a span, without metrics.
    pub(crate) fn span(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let context = self.start(job);
        let guard = context.clone().attach();
        let result = work(job);
        drop(guard);
        end(&context, &result);
        result
    }

    /// Runs the body in a span, with metrics.
    pub(crate) fn run(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let running = self.instruments.begin(job);
        let result = self.span(job);
        self.instruments.end(running, &result);
        result
    }

    /// Runs a future in a span, with metrics.
    pub(crate) async fn run_async(&self, job: Job<'_>, polls: Polls) -> Result<usize, Timeout> {
        let running = self.instruments.begin(job);
        let context = self.start(job);
        let body = async {
            Wait(polls).await;
            work(job)
        };
        let result = body.with_context(context.clone()).await;
        end(&context, &result);
        self.instruments.end(running, &result);
        result
    }
}

fn end(context: &Context, result: &Result<usize, Timeout>) {
    if result.is_err() {
        let span = context.span();
        span.set_attribute(KeyValue::new("error.type", "gateway_timeout"));
        span.set_status(Status::error(""));
    }
    context.span().end();
}
