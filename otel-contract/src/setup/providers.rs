//! The providers of a set-up.

use super::counted::{Counted, Exporter};
use super::delivery::Counts;
use super::settings::Batch;
use super::transport::Limits;
use crate::definition::ContractDefinition;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{Instrument, PeriodicReader, SdkMeterProvider, Stream};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider, ShouldSample, SpanExporter,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a tracer provider is made of, beside its exporter.
pub(super) struct TracerParts {
    pub(super) sampler: Box<dyn ShouldSample>,
    pub(super) resource: Resource,
    pub(super) batch: Batch,
    pub(super) counts: Arc<Counts>,
    pub(super) limits: Limits,
}

/// What a meter provider is made of, beside its exporter.
pub(super) struct MeterParts {
    pub(super) views: Vec<View>,
    pub(super) resource: Resource,
    pub(super) interval: Duration,
    pub(super) counts: Arc<Counts>,
    pub(super) limits: Limits,
}

/// A view of the SDK.
pub(super) type View = Box<dyn Fn(&Instrument) -> Option<Stream> + Send + Sync>;
/// Makes a tracer provider for an exporter of the user's.
pub(super) type MakeTracers = Box<dyn FnOnce(TracerParts) -> SdkTracerProvider + Send>;
/// Makes a meter provider for an exporter of the user's.
pub(super) type MakeMeters = Box<dyn FnOnce(MeterParts) -> SdkMeterProvider + Send>;

pub(super) fn tracers(
    exporter: impl SpanExporter + 'static,
    parts: TracerParts,
) -> SdkTracerProvider {
    let TracerParts {
        sampler,
        resource,
        batch,
        counts,
        limits,
    } = parts;
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(batch.queue)
        .with_max_export_batch_size(batch.together)
        .with_scheduled_delay(batch.delay)
        .build();
    let processor = BatchSpanProcessor::builder(Exporter::new(exporter, counts.clone(), limits))
        .with_batch_config(config)
        .build();
    SdkTracerProvider::builder()
        .with_sampler(Boxed(sampler))
        .with_resource(resource)
        .with_span_processor(Counted::new(processor, counts))
        .build()
}

pub(super) fn meters(exporter: impl PushMetricExporter, parts: MeterParts) -> SdkMeterProvider {
    let exporter = Exporter::new(exporter, parts.counts, parts.limits);
    let reader = PeriodicReader::builder(exporter).with_interval(parts.interval);
    let mut provider = SdkMeterProvider::builder()
        .with_resource(parts.resource)
        .with_reader(reader.build());
    for view in parts.views {
        provider = provider.with_view(view);
    }
    provider.build()
}

/// The view of a contract.
pub(super) fn view(contract: &'static ContractDefinition) -> View {
    Box::new(move |instrument| crate::telemetry::view(contract, instrument))
}

/// A sampler in a box is none by itself.
#[derive(Clone)]
struct Boxed(Box<dyn ShouldSample>);

impl ShouldSample for Boxed {
    fn should_sample(
        &self,
        parent: Option<&opentelemetry::Context>,
        trace_id: opentelemetry::trace::TraceId,
        name: &str,
        kind: &opentelemetry::trace::SpanKind,
        attributes: &[opentelemetry::KeyValue],
        links: &[opentelemetry::trace::Link],
    ) -> opentelemetry_sdk::trace::SamplingResult {
        let sampler = &self.0;
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "logs")]
pub(super) use logs::{LoggerParts, MakeLoggers, loggers};

#[cfg(feature = "logs")]
mod logs {
    use super::{Batch, Counted, Counts, Exporter, Limits};
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::logs::{
        BatchConfigBuilder, BatchLogProcessor, LogExporter, SdkLoggerProvider,
    };
    use std::sync::Arc;

    /// What a logger provider is made of, beside its exporter.
    pub(crate) struct LoggerParts {
        pub(crate) resource: Resource,
        pub(in crate::setup) batch: Batch,
        pub(in crate::setup) counts: Arc<Counts>,
        pub(in crate::setup) limits: Limits,
    }

    /// Makes a logger provider for an exporter of the user's.
    pub(crate) type MakeLoggers = Box<dyn FnOnce(LoggerParts) -> SdkLoggerProvider + Send>;

    pub(crate) fn loggers(
        exporter: impl LogExporter + 'static,
        parts: LoggerParts,
    ) -> SdkLoggerProvider {
        let LoggerParts {
            resource,
            batch,
            counts,
            limits,
        } = parts;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(batch.queue)
            .with_max_export_batch_size(batch.together)
            .with_scheduled_delay(batch.delay)
            .build();
        let processor = BatchLogProcessor::builder(Exporter::new(exporter, counts.clone(), limits))
            .with_batch_config(config)
            .build();
        SdkLoggerProvider::builder()
            .with_resource(resource)
            .with_log_processor(Counted::new(processor, counts))
            .build()
    }
}
