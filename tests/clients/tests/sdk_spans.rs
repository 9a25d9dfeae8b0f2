//! Client operations whose spans are those of an SDK that does not belong to a set-up.

mod support;

use http::StatusCode;
use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_sdk::trace::{
    InMemorySpanExporter, Sampler, SamplingDecision, SamplingResult, SdkTracerProvider,
    ShouldSample, SpanData,
};
use std::convert::Infallible;
use support::metrics::{attributes_of_the_duration, install_meters, reserve, send};
use test_clients::clients::{
    self, HttpResponseStatusCode, Providers, ServerAddress, ServerPort, instrumented_operation,
};
use tokio::sync::{Mutex, MutexGuard};

/// Providers belong to the process: tests of one binary take turns.
async fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    TURN.lock().await
}

/// A sampler that the operation has to ask, because it does not know its decisions.
#[derive(Clone, Debug)]
struct Unknown;

impl ShouldSample for Unknown {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: Vec::new(),
            trace_state: parent.map_or_else(Default::default, |parent| {
                parent.span().span_context().trace_state().clone()
            }),
        }
    }
}

fn install(sampler: impl ShouldSample + 'static) -> InMemorySpanExporter {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_simple_exporter(exporter.clone())
        .build();
    Providers::new().with_tracer_provider(provider).install();
    exporter
}

#[instrumented_operation(clients::StockRoute, server.address = ServerAddress::capped("stock"))]
async fn route() -> Result<StatusCode, Infallible> {
    send().await
}

#[instrumented_operation(
    clients::StockRoute as op,
    server.address = ServerAddress::capped("stock"),
)]
async fn route_with_handle() -> Result<StatusCode, Infallible> {
    op.server_port(ServerPort::saturating(1));
    let status = send().await?;
    op.http_response_status_code(HttpResponseStatusCode::saturating(299));
    Ok(status)
}

fn value<'a>(span: &'a SpanData, key: &str) -> Vec<&'a Value> {
    let attributes = span.attributes.iter();
    let values = attributes.filter(|attribute| attribute.key.as_str() == key);
    values.map(|attribute| &attribute.value).collect()
}

async fn check(exporter: InMemorySpanExporter) {
    route().await.expect("a response");
    route_with_handle().await.expect("a response");
    let spans = exporter.get_finished_spans().expect("spans");
    let [plain, with_handle] = spans.as_slice() else {
        panic!("{spans:?}");
    };
    assert_eq!(value(plain, "server.address"), [&Value::from("stock")]);
    assert_eq!(value(plain, "server.port"), [&Value::from(8080)]);
    assert_eq!(
        value(plain, "http.response.status_code"),
        [&Value::from(202)]
    );
    assert_eq!(
        value(with_handle, "server.address"),
        [&Value::from("stock")]
    );
    // The last value wins: the layer sets the port after the function, and the function the status after the layer.
    assert_eq!(value(with_handle, "server.port"), [&Value::from(8080)]);
    assert_eq!(
        value(with_handle, "http.response.status_code"),
        [&Value::from(299)]
    );
}

#[tokio::test]
async fn a_request_sets_attributes_of_a_span_whose_sampling_is_predicted() {
    let _turn = take_turn().await;
    check(install(Sampler::AlwaysOn)).await;
}

#[tokio::test]
async fn a_request_sets_attributes_of_a_span_whose_sampler_is_asked() {
    let _turn = take_turn().await;
    check(install(Unknown)).await;
}

#[tokio::test]
async fn a_request_sets_dimensions_of_an_operation_that_is_not_sampled() {
    let _turn = take_turn().await;
    let spans = InMemorySpanExporter::default();
    let tracers = SdkTracerProvider::builder()
        .with_sampler(Sampler::AlwaysOff)
        .with_simple_exporter(spans.clone())
        .build();
    let metrics = install_meters(Some(tracers));
    reserve().run(send()).await.expect("a response");
    assert_eq!(spans.get_finished_spans().expect("spans").len(), 0);
    assert_eq!(
        attributes_of_the_duration(&metrics),
        ["http.request.method=GET", "http.response.status_code=202"]
    );
}
