//! Wrappers of SDK processors and exporters that count items.

use super::delivery::Counts;
use super::printable::reason;
use crate::panics;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

/// Queuing processor that drops and counts the items beyond its capacity.
#[derive(Debug)]
pub(super) struct CountedProcessor<P> {
    inner: P,
    counts: Arc<Counts>,
    is_shut_down: AtomicBool,
}

impl<P> CountedProcessor<P> {
    pub(super) fn new(inner: P, counts: Arc<Counts>) -> Self {
        Self {
            inner,
            counts,
            is_shut_down: AtomicBool::new(false),
        }
    }

    /// Counts an item as queued or dropped, and returns whether it is queued.
    fn try_queue(&self) -> bool {
        if self.is_shut_down.load(Ordering::Relaxed) {
            self.counts.count_dropped();
            return false;
        }
        self.counts.try_queue()
    }
}

impl<P: SpanProcessor> SpanProcessor for CountedProcessor<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.inner.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.try_queue() {
            self.inner.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.is_shut_down.store(true, Ordering::Relaxed);
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// Exporter whose exports are counted. A panic of the inner exporter becomes a failed export, because it would end the
/// SDK's thread.
#[derive(Debug)]
pub(super) struct CountedExporter<E> {
    inner: E,
    counts: Arc<Counts>,
}

impl<E> CountedExporter<E> {
    pub(super) fn new(inner: E, counts: Arc<Counts>) -> Self {
        Self { inner, counts }
    }

    /// Flushes or shuts down the exporter, and records its error, because the SDK does not return every error of an
    /// exporter.
    fn flush_or_shut_down(&self, action: impl FnOnce(&E) -> OTelSdkResult) -> OTelSdkResult {
        let result = panics::catch(|| action(&self.inner)).unwrap_or_else(panicked);
        if let Err(error) = &result {
            self.counts
                .record_error(&format!("the exporter: {}", reason(error)));
        }
        result
    }

    /// Shuts down the exporter. No export follows.
    fn shut_down(&self, end: impl FnOnce(&E) -> OTelSdkResult) -> OTelSdkResult {
        let result = self.flush_or_shut_down(end);
        self.counts.mark_ended();
        result
    }

    /// Calls the exporter, and records a panic; `None` if it panics.
    fn call<R>(counts: &Counts, call: impl FnOnce() -> R) -> Option<R> {
        let record = |message: String| counts.record_error(&format!("the exporter {message}"));
        panics::catch(call).map_err(record).ok()
    }
}

/// Runs an export. A panic while the future is made, polled or dropped is an error.
async fn run_export<F: Future<Output = OTelSdkResult>>(
    export: impl FnOnce() -> F,
) -> OTelSdkResult {
    let mut export = match panics::catch(|| Box::pin(export())) {
        Ok(export) => export,
        Err(message) => return panicked(message),
    };
    let polled = poll_fn(|context| {
        let poll = panics::catch(|| export.as_mut().poll(context));
        poll.unwrap_or_else(|message| Poll::Ready(panicked(message)))
    });
    let result = polled.await;
    result.and(panics::catch(|| drop(export)).or_else(panicked))
}

fn panicked(message: String) -> OTelSdkResult {
    Err(OTelSdkError::InternalFailure(message))
}

impl<E: SpanExporter> SpanExporter for CountedExporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len() as u64;
        let export = run_export(|| self.inner.export(batch));
        self.counts.export_queued(count, export).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.shut_down(|exporter| exporter.shutdown_with_timeout(timeout))
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush_or_shut_down(E::force_flush)
    }

    fn set_resource(&mut self, resource: &Resource) {
        Self::call(&self.counts, || self.inner.set_resource(resource));
    }
}

impl<E: PushMetricExporter> PushMetricExporter for CountedExporter<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let export = run_export(|| self.inner.export(metrics));
        self.counts.export(count_points(metrics), export).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush_or_shut_down(E::force_flush)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.shut_down(|exporter| exporter.shutdown_with_timeout(timeout))
    }

    fn temporality(&self) -> Temporality {
        Self::call(&self.counts, || self.inner.temporality()).unwrap_or_default()
    }
}

/// Returns the number of points of an export.
pub(super) fn count_points(metrics: &ResourceMetrics) -> u64 {
    fn count<T>(data: &MetricData<T>) -> usize {
        match data {
            MetricData::Gauge(gauge) => gauge.data_points().count(),
            MetricData::Sum(sum) => sum.data_points().count(),
            MetricData::Histogram(histogram) => histogram.data_points().count(),
            MetricData::ExponentialHistogram(histogram) => histogram.data_points().count(),
        }
    }
    let all = metrics
        .scope_metrics()
        .flat_map(|scope| scope.metrics().map(Metric::data));
    let counts = all.map(|data| match data {
        AggregatedMetrics::F64(data) => count(data),
        AggregatedMetrics::U64(data) => count(data),
        AggregatedMetrics::I64(data) => count(data),
    });
    counts.sum::<usize>() as u64
}

#[cfg(feature = "logs")]
mod logs {
    use super::{CountedExporter, CountedProcessor, run_export};
    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::Severity;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    impl<P: LogProcessor> LogProcessor for CountedProcessor<P> {
        fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
            if self.try_queue() {
                self.inner.emit(record, scope);
            }
        }

        fn force_flush(&self) -> OTelSdkResult {
            self.inner.force_flush()
        }

        fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
            self.is_shut_down.store(true, Ordering::Relaxed);
            self.inner.shutdown_with_timeout(timeout)
        }

        fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
            self.inner.event_enabled(level, target, name)
        }

        fn set_resource(&mut self, resource: &Resource) {
            self.inner.set_resource(resource);
        }
    }

    impl<E: LogExporter> LogExporter for CountedExporter<E> {
        async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
            let count = batch.iter().count() as u64;
            let export = run_export(|| self.inner.export(batch));
            self.counts.export_queued(count, export).await
        }

        fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
            self.shut_down(|exporter| exporter.shutdown_with_timeout(timeout))
        }

        fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
            // After a panic, records are exported rather than lost.
            let enabled = || self.inner.event_enabled(level, target, name);
            Self::call(&self.counts, enabled).unwrap_or(true)
        }

        fn set_resource(&mut self, resource: &Resource) {
            Self::call(&self.counts, || self.inner.set_resource(resource));
        }
    }
}

#[cfg(test)]
#[path = "counted_tests.rs"]
mod tests;
