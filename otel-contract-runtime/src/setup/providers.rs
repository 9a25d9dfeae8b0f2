//! Constructors of the providers of a set-up.

use super::counted::{CountedExporter, CountedProcessor};
use super::delivery::Counts;
use super::settings::Batch;
use crate::definition::ContractDefinition;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{
    Instrument, InstrumentKind, PeriodicReader, SdkMeterProvider, Stream,
};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SpanExporter, SpanProcessor,
};
use std::sync::Arc;
use std::time::Duration;

/// Parts of a span processor, except for its exporter.
pub(super) struct SpanParts {
    pub(super) batch: Batch,
    pub(super) counts: Arc<Counts>,
}

/// Parts of a meter provider, except for its exporter.
pub(super) struct MeterParts {
    pub(super) views: Vec<View>,
    pub(super) resource: Resource,
    pub(super) interval: Duration,
    pub(super) counts: Arc<Counts>,
}

/// A view of the SDK.
pub(super) type View = Box<dyn Fn(&Instrument) -> Option<Stream> + Send + Sync>;
/// Makes the span processor of an exporter.
pub(super) type MakeSpanProcessor = Box<dyn FnOnce(SpanParts) -> Box<dyn SpanProcessor> + Send>;
/// Makes the meter provider of an exporter.
pub(super) type MakeMeterProvider = Box<dyn FnOnce(MeterParts) -> SdkMeterProvider + Send>;

pub(super) fn span_processor(
    exporter: impl SpanExporter + 'static,
    parts: SpanParts,
) -> Box<dyn SpanProcessor> {
    let SpanParts { batch, counts } = parts;
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(batch.queue)
        .with_max_export_batch_size(batch.export_size)
        .with_scheduled_delay(batch.delay)
        .build();
    let processor = BatchSpanProcessor::builder(CountedExporter::new(exporter, counts.clone()))
        .with_batch_config(config)
        .build();
    Box::new(CountedProcessor::new(processor, counts))
}

pub(super) fn meter_provider(
    exporter: impl PushMetricExporter,
    parts: MeterParts,
) -> SdkMeterProvider {
    let exporter = CountedExporter::new(exporter, parts.counts);
    let reader = PeriodicReader::builder(exporter).with_interval(parts.interval);
    let mut provider = SdkMeterProvider::builder()
        .with_resource(parts.resource)
        .with_reader(reader.build());
    for view in parts.views {
        provider = provider.with_view(view);
    }
    provider.build()
}

/// Returns the view of a contract. With `exponential`, its histograms have no fixed boundaries.
pub(super) fn contract_view(contract: &'static ContractDefinition, exponential: bool) -> View {
    if exponential {
        Box::new(move |instrument| crate::telemetry::exponential_view(contract, instrument))
    } else {
        Box::new(move |instrument| crate::telemetry::view(contract, instrument))
    }
}

/// Adds a view that makes all other histograms exponential: those that no other view matches. The SDK has no option for
/// the default aggregation, and it records two streams if two views match an instrument.
pub(super) fn with_exponential_histograms(views: Vec<View>) -> Vec<View> {
    let views: Vec<Arc<View>> = views.into_iter().map(Arc::new).collect();
    let others = views.clone();
    let rest: View = Box::new(move |instrument| {
        let is_matched = || others.iter().any(|view| view(instrument).is_some());
        let is_histogram = instrument.kind() == InstrumentKind::Histogram;
        let exponential = || Stream::builder().with_aggregation(crate::telemetry::EXPONENTIAL);
        (is_histogram && !is_matched()).then(|| exponential().build().ok())?
    });
    let shared = |view: Arc<View>| -> View { Box::new(move |instrument| view(instrument)) };
    views.into_iter().map(shared).chain([rest]).collect()
}

#[cfg(feature = "logs")]
pub(super) use logs::{LoggerParts, MakeLoggerProvider, logger_provider};

#[cfg(feature = "logs")]
mod logs {
    use super::{Batch, CountedExporter, CountedProcessor, Counts};
    use crate::setup::limits::RecordLimits;
    use crate::setup::log_limits::LimitedProcessor;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::logs::{
        BatchConfigBuilder, BatchLogProcessor, LogExporter, SdkLoggerProvider,
    };
    use std::sync::Arc;

    /// Parts of a logger provider, except for its exporter.
    pub(crate) struct LoggerParts {
        pub(crate) resource: Resource,
        pub(in crate::setup) batch: Batch,
        pub(in crate::setup) counts: Arc<Counts>,
        pub(in crate::setup) record_limits: RecordLimits,
    }

    /// Makes the logger provider of an exporter.
    pub(crate) type MakeLoggerProvider = Box<dyn FnOnce(LoggerParts) -> SdkLoggerProvider + Send>;

    pub(crate) fn logger_provider(
        exporter: impl LogExporter + 'static,
        parts: LoggerParts,
    ) -> SdkLoggerProvider {
        let LoggerParts {
            resource,
            batch,
            counts,
            record_limits,
        } = parts;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(batch.queue)
            .with_max_export_batch_size(batch.export_size)
            .with_scheduled_delay(batch.delay)
            .build();
        let processor = BatchLogProcessor::builder(CountedExporter::new(exporter, counts.clone()))
            .with_batch_config(config)
            .build();
        SdkLoggerProvider::builder()
            .with_resource(resource)
            .with_log_processor(LimitedProcessor::new(
                CountedProcessor::new(processor, counts),
                record_limits,
            ))
            .build()
    }
}
