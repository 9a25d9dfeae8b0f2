//! A small OTLP/HTTP receiver, for telemetry without a collector.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs};
use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use prost::Message;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// Telemetry that the services sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Received {
    spans: Vec<ResourceSpans>,
    metrics: Vec<ResourceMetrics>,
    records: Vec<ResourceLogs>,
}

/// Receiver that runs until the process ends.
pub(super) struct Sink {
    pub(super) endpoint: String,
    received: Shared,
}

type Shared = Arc<Mutex<Received>>;

impl Sink {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let received = Shared::default();
        let routes = Router::new()
            .route("/v1/traces", post(traces))
            .route("/v1/metrics", post(metrics))
            .route("/v1/logs", post(logs))
            .with_state(received.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { endpoint, received })
    }

    pub(super) fn received(&self) -> Received {
        let received = self.received.lock();
        received.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn traces(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    receive(
        &shared,
        &body,
        |received, request: ExportTraceServiceRequest| {
            received.spans.extend(request.resource_spans);
        },
    )
}

async fn metrics(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    receive(
        &shared,
        &body,
        |received, request: ExportMetricsServiceRequest| {
            received.metrics.extend(request.resource_metrics);
        },
    )
}

async fn logs(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    receive(
        &shared,
        &body,
        |received, request: ExportLogsServiceRequest| {
            received.records.extend(request.resource_logs);
        },
    )
}

/// Stores a request. An empty response is valid, and means that everything was accepted.
fn receive<Q: Message + Default>(
    shared: &Shared,
    body: &[u8],
    store: impl FnOnce(&mut Received, Q),
) -> StatusCode {
    let Ok(request) = Q::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    store(
        &mut shared.lock().unwrap_or_else(PoisonError::into_inner),
        request,
    );
    StatusCode::OK
}

impl Received {
    /// Returns every span with its service.
    pub(super) fn spans(&self) -> impl Iterator<Item = (&str, &Span)> {
        self.spans.iter().flat_map(|export| {
            let scopes = export.scope_spans.iter();
            let spans = scopes.flat_map(|scope| &scope.spans);
            spans.map(|span| (service(export.resource.as_ref()), span))
        })
    }

    /// Returns every metric with its service, from the last export of the service.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (&str, &Metric)> {
        let last = self.metrics.iter().enumerate().filter(|(index, export)| {
            let mut later = self.metrics[index + 1..].iter();
            !later.any(|other| other.resource == export.resource)
        });
        last.flat_map(|(_, export)| {
            let scopes = export.scope_metrics.iter();
            let metrics = scopes.flat_map(|scope| &scope.metrics);
            metrics.map(|metric| (service(export.resource.as_ref()), metric))
        })
    }

    /// Returns every event with its service.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &LogRecord)> {
        self.records.iter().flat_map(|export| {
            let scopes = export.scope_logs.iter();
            let records = scopes.flat_map(|scope| &scope.log_records);
            records.map(|record| (service(export.resource.as_ref()), record))
        })
    }
}

/// Returns the `service.name` of a resource.
fn service(resource: Option<&Resource>) -> &str {
    let mut attributes = resource
        .into_iter()
        .flat_map(|resource| &resource.attributes);
    let name = attributes
        .find(|attribute| attribute.key == "service.name")
        .and_then(|attribute| attribute.value.as_ref());
    match name.and_then(|name| name.value.as_ref()) {
        Some(any_value::Value::StringValue(name)) => name,
        _ => "unknown",
    }
}

/// Formats attributes as `key=value`.
pub(super) fn format_attributes(attributes: &[KeyValue]) -> Vec<String> {
    attributes
        .iter()
        .map(|attribute| format!("{}={}", attribute.key, format_value(attribute)))
        .collect()
}

/// Formats the value of an attribute. The contract has no lists and no maps.
fn format_value(attribute: &KeyValue) -> String {
    let value = attribute.value.as_ref();
    match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::DoubleValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(boolean)) => boolean.to_string(),
        other => format!("{other:?}"),
    }
}
