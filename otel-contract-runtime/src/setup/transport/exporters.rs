//! The exporters that the settings select.

use super::IoThread;
use super::exporter::{Client, Otlp};
#[cfg(feature = "otlp-grpc")]
use super::grpc;
#[cfg(feature = "otlp-http")]
use super::http;
use crate::setup::deliveries::Deliveries;
use crate::setup::delivery::Counts;
use crate::setup::otlp::OtlpSettings;
use crate::setup::settings::{Settings, Temporality};
use crate::setup::{Protocol, SetupError, Signal};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use std::sync::Arc;
use std::time::Duration;

/// OTLP exporters by signal.
#[derive(Default)]
pub(in crate::setup) struct Exporters {
    pub(in crate::setup) spans: Option<Otlp>,
    pub(in crate::setup) points: Option<Otlp>,
    #[cfg(feature = "logs")]
    pub(in crate::setup) records: Option<Otlp>,
    pub(in crate::setup) io: Option<IoThread>,
}

impl Exporters {
    pub(in crate::setup) fn make(
        settings: &Settings,
        deliveries: &Deliveries,
    ) -> Result<Self, SetupError> {
        let mut made = Self::default();
        let mut make = |signal, otlp: &OtlpSettings, counts: &Arc<Counts>, longest: Duration| {
            Ok::<_, SetupError>(Otlp {
                client: client(&mut made.io, otlp, signal)?,
                timeout: otlp.timeout.min(longest),
                temporality: settings.temporality.into(),
                counts: counts.clone(),
                shutdown: deliveries.shutdown.clone(),
                resource: ResourceAttributesWithSchema::default(),
            })
        };
        if let Some(otlp) = &settings.otlp_traces {
            let longest = settings.span_batch.timeout;
            made.spans = Some(make(Signal::Traces, otlp, &deliveries.spans, longest)?);
        }
        if let Some(otlp) = &settings.otlp_metrics {
            made.points = Some(make(
                Signal::Metrics,
                otlp,
                &deliveries.points,
                otlp.timeout,
            )?);
        }
        #[cfg(feature = "logs")]
        if let Some(otlp) = &settings.otlp_logs {
            let longest = settings.record_batch.timeout;
            made.records = Some(make(Signal::Logs, otlp, &deliveries.records, longest)?);
        }
        Ok(made)
    }
}

/// Makes the client of one signal. The thread of gRPC is started for the first signal that uses gRPC. Protocols that are
/// not compiled in were rejected when the settings were read.
fn client(
    io: &mut Option<IoThread>,
    settings: &OtlpSettings,
    signal: Signal,
) -> Result<Client, SetupError> {
    let client = match settings.protocol {
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => {
            let thread = match io.take() {
                Some(thread) => thread,
                None => IoThread::start()?,
            };
            let client = grpc::Client::new(settings, signal, thread.handle());
            *io = Some(thread);
            client.map(|client| Client::Grpc(Box::new(client)))
        }
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf => {
            let client = http::Client::new(settings);
            client.map(|client| Client::Http(Box::new(client)))
        }
        #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
        other => {
            let _ = io;
            Err(format!("protocol {} is not compiled in", other.name()))
        }
    };
    client.map_err(|reason| SetupError::Exporter { signal, reason })
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
