//! A small OTLP/HTTP receiver, so that there is something to draw without a collector.

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

/// What the services sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Received {
    spans: Vec<ResourceSpans>,
    metrics: Vec<ResourceMetrics>,
    records: Vec<ResourceLogs>,
}

/// Receives for as long as this process runs.
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
    take(&shared, &body, |all, request: ExportTraceServiceRequest| {
        all.spans.extend(request.resource_spans);
    })
}

async fn metrics(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    take(
        &shared,
        &body,
        |all, request: ExportMetricsServiceRequest| {
            all.metrics.extend(request.resource_metrics);
        },
    )
}

async fn logs(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    take(&shared, &body, |all, request: ExportLogsServiceRequest| {
        all.records.extend(request.resource_logs);
    })
}

/// An empty answer is a whole one: nothing was rejected.
fn take<Q: Message + Default>(
    shared: &Shared,
    body: &[u8],
    keep: impl FnOnce(&mut Received, Q),
) -> StatusCode {
    let Ok(request) = Q::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    keep(
        &mut shared.lock().unwrap_or_else(PoisonError::into_inner),
        request,
    );
    StatusCode::OK
}

impl Received {
    /// Every span, with its service.
    pub(super) fn spans(&self) -> impl Iterator<Item = (&str, &Span)> {
        self.spans.iter().flat_map(|all| {
            let scopes = all.scope_spans.iter();
            let spans = scopes.flat_map(|scope| &scope.spans);
            spans.map(|span| (service(all.resource.as_ref()), span))
        })
    }

    /// Every metric, with its service, as it was when the service ended.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (&str, &Metric)> {
        let last = self.metrics.iter().enumerate().filter(|(index, all)| {
            let mut later = self.metrics[index + 1..].iter();
            !later.any(|other| other.resource == all.resource)
        });
        last.flat_map(|(_, all)| {
            let scopes = all.scope_metrics.iter();
            let metrics = scopes.flat_map(|scope| &scope.metrics);
            metrics.map(|metric| (service(all.resource.as_ref()), metric))
        })
    }

    /// Every event, with its service.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &LogRecord)> {
        self.records.iter().flat_map(|all| {
            let scopes = all.scope_logs.iter();
            let records = scopes.flat_map(|scope| &scope.log_records);
            records.map(|record| (service(all.resource.as_ref()), record))
        })
    }
}

fn service(resource: Option<&Resource>) -> &str {
    let attributes = resource.into_iter().flat_map(|one| &one.attributes);
    let mut names = attributes.filter(|one| one.key == "service.name");
    let name = names.next().and_then(|name| name.value.as_ref());
    match name.and_then(|name| name.value.as_ref()) {
        Some(any_value::Value::StringValue(name)) => name,
        _ => "unknown",
    }
}

/// Attributes as text.
pub(super) fn shown(attributes: &[KeyValue]) -> Vec<String> {
    let each = attributes.iter();
    each.map(|one| format!("{}={}", one.key, value(one)))
        .collect()
}

/// The value of an attribute as text: the contract has no lists and no maps.
pub(super) fn value(attribute: &KeyValue) -> String {
    match attribute.value.as_ref().and_then(|one| one.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::DoubleValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(either)) => either.to_string(),
        other => format!("{other:?}"),
    }
}
