//! The OTLP exporter of every signal and protocol. A message is encoded once for all attempts to send it.

#[cfg(feature = "otlp-grpc")]
use super::grpc;
#[cfg(feature = "otlp-http")]
use super::http;
use super::response::{ResponseBody, ResponseMessage};
use super::retry::{self, Failure};
use crate::setup::delivery::Counts;
use crate::setup::shutdown::Shutdown;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use prost::Message;
use prost::bytes::Bytes;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Exporter of one signal. It blocks the thread, because the SDK exports on dedicated threads.
#[derive(Debug)]
pub(in crate::setup) struct Otlp {
    pub(super) client: Client,
    pub(super) timeout: Duration,
    pub(super) temporality: Temporality,
    pub(super) counts: Arc<Counts>,
    pub(super) shutdown: Arc<Shutdown>,
    /// Resource of spans and log records. Exports of points include their resource.
    pub(super) resource: ResourceAttributesWithSchema,
}

#[derive(Debug)]
pub(super) enum Client {
    #[cfg(feature = "otlp-http")]
    Http(Box<http::Client>),
    #[cfg(feature = "otlp-grpc")]
    Grpc(Box<grpc::Client>),
}

impl Client {
    fn encode_body(&self, message: Vec<u8>) -> io::Result<Bytes> {
        match self {
            #[cfg(feature = "otlp-http")]
            Self::Http(client) => client.encode_body(message),
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc(client) => client.encode_body(message),
        }
    }

    fn send(&self, body: &Bytes, timeout: Duration) -> Result<ResponseBody, Failure> {
        match self {
            #[cfg(feature = "otlp-http")]
            Self::Http(client) => client.send(body, timeout),
            #[cfg(feature = "otlp-grpc")]
            Self::Grpc(client) => client.send(body, timeout),
        }
    }
}

impl Otlp {
    /// Sends a request with this number of items, and counts the items that the collector rejected.
    fn deliver<R: ResponseMessage>(&self, request: &impl Message, items: u64) -> OTelSdkResult {
        let deliver = || {
            let body = self.client.encode_body(request.encode_to_vec());
            let body = body.map_err(|error| format!("the message cannot be encoded: {error}"))?;
            let send = |left| self.client.send(&body, left);
            let response = retry::until(self.timeout, &self.shutdown, send)?;
            response.read::<R>(items)
        };
        let outcome = deliver().map_err(OTelSdkError::InternalFailure)?;
        self.counts
            .count_rejected(outcome.rejected, outcome.message);
        Ok(())
    }
}

impl SpanExporter for Otlp {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let items = batch.len() as u64;
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        let request = ExportTraceServiceRequest { resource_spans };
        self.deliver::<ExportTraceServiceResponse>(&request, items)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

impl PushMetricExporter for Otlp {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let items = crate::setup::counted::count_points(metrics);
        let request = ExportMetricsServiceRequest::from(metrics);
        self.deliver::<ExportMetricsServiceResponse>(&request, items)
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        self.temporality
    }
}

#[cfg(feature = "logs")]
mod logs {
    use super::Otlp;
    use opentelemetry_proto::tonic::collector::logs::v1::{
        ExportLogsServiceRequest, ExportLogsServiceResponse,
    };
    use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::logs::{LogBatch, LogExporter};

    impl LogExporter for Otlp {
        async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
            let items = batch.iter().count() as u64;
            let resource_logs = group_logs_by_resource_and_scope(&batch, &self.resource);
            let request = ExportLogsServiceRequest { resource_logs };
            self.deliver::<ExportLogsServiceResponse>(&request, items)
        }

        fn set_resource(&mut self, resource: &Resource) {
            self.resource = resource.into();
        }
    }
}
