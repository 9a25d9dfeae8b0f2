//! How exporters reach a collector, from any thread and without the service's runtime.

#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-grpc")]
mod io;

#[cfg(feature = "otlp-grpc")]
pub(super) use io::IoThread;

use super::SetupError;
use super::otlp::OtlpSettings;
use super::settings::{Settings, Temporality};
use super::{Protocol, Signal};
use opentelemetry_sdk::error::OTelSdkResult;
use std::time::Duration;

/// Where no exporter of ours needs a thread, there is none.
#[cfg(not(feature = "otlp-grpc"))]
#[derive(Debug)]
pub(super) struct IoThread;

#[cfg(not(feature = "otlp-grpc"))]
impl IoThread {
    pub(super) fn leave(self) {
        let _ = self;
    }
}

/// Where exports run, and how long they may take.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    #[cfg(feature = "otlp-grpc")]
    io: Option<tokio::runtime::Handle>,
    #[cfg(feature = "otlp-grpc")]
    longest: Duration,
}

impl Limits {
    /// Holds an export to them. Without a runtime the client bounds itself.
    pub(super) async fn hold(&self, export: impl Future<Output = OTelSdkResult>) -> OTelSdkResult {
        #[cfg(feature = "otlp-grpc")]
        if let Some(io) = &self.io {
            return io::within(io, self.longest, export).await;
        }
        export.await
    }
}

/// The exporters of the signals that have one, in the order spans, points, log records.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
#[derive(Default)]
pub(super) struct Exporters {
    pub(super) spans: Option<(opentelemetry_otlp::SpanExporter, Limits)>,
    pub(super) points: Option<(opentelemetry_otlp::MetricExporter, Limits)>,
    #[cfg(feature = "logs")]
    pub(super) records: Option<(opentelemetry_otlp::LogExporter, Limits)>,
    pub(super) io: Option<IoThread>,
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
impl Exporters {
    pub(super) fn make(settings: &Settings) -> Result<Self, SetupError> {
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
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
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
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use client;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
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
