//! The exporters that the settings ask for.

#[cfg(feature = "otlp-grpc")]
use super::grpc;
#[cfg(feature = "otlp-http")]
use super::http;
use super::{IoThread, Limits};
use crate::setup::otlp::OtlpSettings;
use crate::setup::settings::{Settings, Temporality};
use crate::setup::{Protocol, SetupError, Signal};
use std::time::Duration;

/// The exporters of the signals that have one, in the order spans, points, log records.
#[derive(Default)]
pub(in crate::setup) struct Exporters {
    pub(in crate::setup) spans: Option<(opentelemetry_otlp::SpanExporter, Limits)>,
    pub(in crate::setup) points: Option<(opentelemetry_otlp::MetricExporter, Limits)>,
    #[cfg(feature = "logs")]
    pub(in crate::setup) records: Option<(opentelemetry_otlp::LogExporter, Limits)>,
    pub(in crate::setup) io: Option<IoThread>,
}

impl Exporters {
    pub(in crate::setup) fn make(settings: &Settings) -> Result<Self, SetupError> {
        use opentelemetry_otlp::{MetricExporter, SpanExporter};
        let mut made = Self::default();
        if let Some(one) = &settings.traces {
            let longest = one.timeout.min(settings.spans.timeout);
            let limits = made.limits(one, longest)?;
            let exporter = client!(one, limits, SpanExporter::builder(), longest);
            made.spans = Some((exporter.map_err(refused(Signal::Traces))?, limits));
        }
        if let Some(one) = &settings.metrics {
            let limits = made.limits(one, one.timeout)?;
            let builder =
                || MetricExporter::builder().with_temporality(settings.temporality.into());
            let exporter = client!(one, limits, builder(), one.timeout);
            made.points = Some((exporter.map_err(refused(Signal::Metrics))?, limits));
        }
        #[cfg(feature = "logs")]
        if let Some(one) = &settings.logs {
            let longest = one.timeout.min(settings.records.timeout);
            let limits = made.limits(one, longest)?;
            let builder = opentelemetry_otlp::LogExporter::builder();
            let exporter = client!(one, limits, builder, longest);
            made.records = Some((exporter.map_err(refused(Signal::Logs))?, limits));
        }
        Ok(made)
    }

    /// gRPC needs the thread, which is started for the first exporter that asks.
    #[cfg_attr(not(feature = "otlp-grpc"), allow(clippy::unnecessary_wraps))]
    fn limits(&mut self, one: &OtlpSettings, longest: Duration) -> Result<Limits, SetupError> {
        match one.protocol {
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => {
                let io = match self.io.take() {
                    Some(io) => io,
                    None => IoThread::start()?,
                };
                let handle = io.handle();
                self.io = Some(io);
                Ok(Limits {
                    io: Some(handle),
                    longest,
                })
            }
            _ => {
                let _ = (self, longest);
                Ok(Limits::default())
            }
        }
    }
}

/// Makes an exporter of any signal by the protocol of its settings. What a build does not have was
/// refused when the settings were read.
macro_rules! client {
    ($settings:expr, $limits:expr, $builder:expr, $longest:expr) => {
        match $settings.protocol {
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => {
                // The channel is made in the runtime that will drive it.
                let _entered = $limits.io.as_ref().map(tokio::runtime::Handle::enter);
                grpc::configured($builder.with_tonic(), $settings, $longest).build()
            }
            #[cfg(feature = "otlp-http")]
            Protocol::HttpProtobuf => {
                http::configured($builder.with_http(), $settings, $longest).build()
            }
            #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
            other => Err(
                opentelemetry_otlp::ExporterBuildError::InvalidConfiguration(format!(
                    "protocol {} is not compiled in",
                    other.word()
                )),
            ),
        }
    };
}
use client;

fn refused(signal: Signal) -> impl FnOnce(opentelemetry_otlp::ExporterBuildError) -> SetupError {
    move |error| SetupError::Exporter {
        signal,
        reason: error.to_string(),
    }
}

impl From<Temporality> for opentelemetry_sdk::metrics::Temporality {
    fn from(temporality: Temporality) -> Self {
        match temporality {
            Temporality::Cumulative => Self::Cumulative,
            Temporality::Delta => Self::Delta,
            Temporality::LowMemory => Self::LowMemory,
        }
    }
}
