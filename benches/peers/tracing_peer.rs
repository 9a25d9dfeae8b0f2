//! `tracing` 0.1 with `tracing-opentelemetry` 0.34 and hand-written metrics: a span with the attributes as fields, bridged
//! to the same SDK. Location, threads and inactivity tracking are disabled.

use crate::instruments::Instruments;
use crate::workload::{DEPENDENCY, Job, Timeout, work};
use opentelemetry::metrics::Meter;
use opentelemetry_sdk::trace::SdkTracer;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::layer::SubscriberExt as _;

pub(crate) struct TracingOpentelemetry {
    instruments: Instruments,
}

impl TracingOpentelemetry {
    /// Sets the subscriber of the process.
    pub(crate) fn new(tracer: SdkTracer, meter: &Meter) -> Result<Self, SetGlobalDefaultError> {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber)?;
        Ok(Self {
            instruments: Instruments::new(meter),
        })
    }

    pub(crate) fn run(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let running = self.instruments.begin(job);
        let result = instrumented(job);
        self.instruments.end(running, &result);
        result
    }
}

/// The expansion of `#[tracing::instrument]` for a synchronous function. The attribute itself does not support keys with a
/// Rust keyword, such as `error.type`.
fn instrumented(job: Job<'_>) -> Result<usize, Timeout> {
    let span = tracing::info_span!(
        "job.run",
        order.id = job.order_id,
        account.tier = job.tier.as_str(),
        dependency = DEPENDENCY,
        retry.attempt = job.attempt,
        queue.name = job.queue,
        "error.type" = tracing::field::Empty,
        otel.status_code = tracing::field::Empty,
    );
    let entered = span.enter();
    let result = work(job);
    drop(entered);
    if result.is_err() {
        span.record("error.type", "gateway_timeout");
        span.record("otel.status_code", "ERROR");
    }
    result
}
