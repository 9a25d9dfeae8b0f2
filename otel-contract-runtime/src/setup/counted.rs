//! Processors and exporters of the SDK, with counts around them.

use super::delivery::Counts;
use super::transport::Limits;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A processor that queues, and never more than it may.
#[derive(Debug)]
pub(super) struct Counted<P> {
    inner: P,
    counts: Arc<Counts>,
    shut_down: AtomicBool,
}

impl<P> Counted<P> {
    pub(super) fn new(inner: P, counts: Arc<Counts>) -> Self {
        Self {
            inner,
            counts,
            shut_down: AtomicBool::new(false),
        }
    }

    /// Whether one more goes to the queue.
    fn admits(&self) -> bool {
        if self.shut_down.load(Ordering::Relaxed) {
            self.counts.refuse();
            return false;
        }
        self.counts.admit()
    }
}

impl<P: SpanProcessor> SpanProcessor for Counted<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.inner.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.admits() {
            self.inner.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.shut_down.store(true, Ordering::Relaxed);
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// An exporter whose exports are counted, and end.
#[derive(Debug)]
pub(super) struct Exporter<E> {
    inner: E,
    counts: Arc<Counts>,
    limits: Limits,
}

impl<E> Exporter<E> {
    pub(super) fn new(inner: E, counts: Arc<Counts>, limits: Limits) -> Self {
        Self {
            inner,
            counts,
            limits,
        }
    }
}

impl<E: SpanExporter> SpanExporter for Exporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len() as u64;
        let export = self.limits.hold(self.inner.export(batch));
        self.counts.export_queued(count, export).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for Exporter<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let export = self.limits.hold(self.inner.export(metrics));
        self.counts.export(points(metrics), export).await
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.inner.temporality()
    }
}

/// How many points an export carries.
fn points(metrics: &ResourceMetrics) -> u64 {
    fn of<T>(data: &MetricData<T>) -> usize {
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
        AggregatedMetrics::F64(data) => of(data),
        AggregatedMetrics::U64(data) => of(data),
        AggregatedMetrics::I64(data) => of(data),
    });
    counts.sum::<usize>() as u64
}

#[cfg(feature = "logs")]
mod logs {
    use super::{Counted, Exporter};
    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::Severity;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    impl<P: LogProcessor> LogProcessor for Counted<P> {
        fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
            if self.admits() {
                self.inner.emit(record, scope);
            }
        }

        fn force_flush(&self) -> OTelSdkResult {
            self.inner.force_flush()
        }

        fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
            self.shut_down.store(true, Ordering::Relaxed);
            self.inner.shutdown_with_timeout(timeout)
        }

        fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
            self.inner.event_enabled(level, target, name)
        }

        fn set_resource(&mut self, resource: &Resource) {
            self.inner.set_resource(resource);
        }
    }

    impl<E: LogExporter> LogExporter for Exporter<E> {
        async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
            let count = batch.iter().count() as u64;
            let export = self.limits.hold(self.inner.export(batch));
            self.counts.export_queued(count, export).await
        }

        fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
            self.inner.shutdown_with_timeout(timeout)
        }

        fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
            self.inner.event_enabled(level, target, name)
        }

        fn set_resource(&mut self, resource: &Resource) {
            self.inner.set_resource(resource);
        }
    }
}

#[cfg(test)]
#[path = "counted_tests.rs"]
mod tests;
