//! A service that keeps its providers and its middleware, and adds operations.

use crate::migrated::{BookingError, Bookings};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use booking_telemetry::booking;
use opentelemetry::KeyValue;
use opentelemetry::global;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{FutureExt as _, SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, exporter::PushMetricExporter};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter};
use std::sync::Arc;

/// The providers of the service.
#[derive(Debug)]
pub struct Telemetry {
    pub tracers: SdkTracerProvider,
    pub meters: SdkMeterProvider,
}

impl Telemetry {
    /// Builds the providers as before, and also passes them to the contract.
    pub fn install(
        spans: impl SpanExporter + 'static,
        metrics: impl PushMetricExporter + 'static,
    ) -> Self {
        let resource = Resource::builder().with_service_name("booking").build();
        let tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_batch_exporter(spans)
            .build();
        let meters = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_view(booking::view)
            .with_reader(PeriodicReader::builder(metrics).build())
            .build();
        global::set_tracer_provider(tracers.clone());
        global::set_meter_provider(meters.clone());
        booking::Providers::new()
            .with_tracer_provider(tracers.clone())
            .with_meter_provider(meters.clone())
            .install();
        Self { tracers, meters }
    }
}

/// The routes, behind the middleware that was there before.
pub fn routes(bookings: Arc<Bookings>) -> Router {
    Router::new()
        .route("/shows/{show}/bookings/{seats}", post(create))
        .with_state(bookings)
        .layer(from_fn(trace_request))
}

/// The middleware that was there before: a server span for each request.
async fn trace_request(request: Request, next: Next) -> Response {
    let caller = global::get_text_map_propagator(|propagator| {
        propagator.extract(&Headers(request.headers()))
    });
    let tracer = global::tracer("http");
    let span = tracer
        .span_builder(format!("{} {}", request.method(), request.uri().path()))
        .with_kind(SpanKind::Server)
        .start_with_context(&tracer, &caller);
    let context = caller.with_span(span);
    let response = next.run(request).with_context(context.clone()).await;
    let status = i64::from(response.status().as_u16());
    let span = context.span();
    span.set_attribute(KeyValue::new("http.response.status_code", status));
    span.end();
    response
}

/// The operation becomes a child of the server span, because that span is current.
async fn create(
    State(bookings): State<Arc<Bookings>>,
    Path((show, seats)): Path<(String, u8)>,
) -> Response {
    match bookings.create(&show, seats).await {
        Ok(booking) => (StatusCode::CREATED, booking).into_response(),
        Err(BookingError::SoldOut(_)) => StatusCode::CONFLICT.into_response(),
        Err(BookingError::PaymentDeclined) => StatusCode::PAYMENT_REQUIRED.into_response(),
    }
}

/// Headers as propagators read them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}
