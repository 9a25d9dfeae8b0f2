//! The steps of `docs/existing-service.md`.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use booking_service::existing::{Telemetry, routes};
use booking_service::migrated::Bookings;
use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::data::{Metric, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use std::sync::Arc;
use tower::ServiceExt as _;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn span<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no span `{name}` among {spans:?}"))
}

// There is only one test, because providers are global to the process.
#[tokio::test]
async fn operations_are_added_to_a_service_with_providers_and_middleware() {
    let (exporter, points) = (
        InMemorySpanExporter::default(),
        InMemoryMetricExporter::default(),
    );
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let telemetry = Telemetry::install(exporter.clone(), points.clone());
    let bookings = Bookings {
        free: 8,
        ..Bookings::default()
    };
    let request = Request::post("/shows/hamlet/bookings/2").header("traceparent", CALLER);
    let request = request.body(Body::empty()).expect("a request");
    let response = routes(Arc::new(bookings)).oneshot(request).await;
    assert_eq!(response.expect("an answer").status(), StatusCode::CREATED);
    telemetry.tracers.force_flush().expect("spans");
    telemetry.meters.force_flush().expect("points");

    let spans = exporter.get_finished_spans().expect("spans");
    let server = span(&spans, "POST /shows/hamlet/bookings/2");
    let caller = SpanId::from_hex("b7ad6b7169203331").expect("an id");
    assert_eq!(
        server.parent_span_id, caller,
        "the middleware continues the trace"
    );
    let operation = span(&spans, "booking.create");
    assert_eq!(operation.parent_span_id, server.span_context.span_id());
    let trace = TraceId::from_hex("0af7651916cd43dd8448eb211c80319c").expect("an id");
    assert_eq!(operation.span_context.trace_id(), trace);
    assert_eq!(operation.instrumentation_scope.name(), "booking");

    let collected = points.get_finished_metrics().expect("points");
    let scopes = collected.iter().flat_map(ResourceMetrics::scope_metrics);
    let metrics = scopes.flat_map(ScopeMetrics::metrics);
    let names: Vec<&str> = metrics.map(Metric::name).collect();
    assert!(names.contains(&"booking.create.duration"), "{names:?}");
}
