//! Measures the server layer: a request through a `tower` service, from its headers to the last byte of its response.
//!
//! `cargo run --release -p otel-contract-benches --features edges --bin edges -- [ROUNDS]`
//!
//! Each case serves the same request with a `traceparent`, in one thread, without a network. The handler is one annotated
//! with the attributes of the request (what a service writes without the layer), the same behind the layer, and a plain one
//! behind `TraceLayer` of `tower-http` with `tracing-opentelemetry`, which measures no duration. Every span is sampled, and
//! dropped by its processor.

use http::{HeaderMap, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanProcessor};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tower::{Service, ServiceBuilder, service_fn};
use tower_http::trace::TraceLayer;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

otel_contract::contract!("schema/edges.yaml");

use edges::{
    HttpRequestMethod, HttpResponseStatusCode, HttpRoute, TraceContext, instrumented_operation,
};

const ROUTE: &str = "/orders/{id}";
/// Requests of one case in one round.
const REQUESTS: u32 = 2_000;

type Page = Full<&'static [u8]>;

#[instrumented_operation(
    edges::OrderAnnotated as op,
    parent = TraceContext::extract(headers),
    http.request.method = HttpRequestMethod::Get,
    http.route = HttpRoute::capped(ROUTE),
    order.id = id,
)]
async fn annotated(headers: &HeaderMap, id: &str) -> Response<Page> {
    let response = show(id);
    op.http_response_status_code(HttpResponseStatusCode::saturating(
        response.status().as_u16().into(),
    ));
    response
}

#[instrumented_operation(edges::OrderLayered, order.id = id)]
async fn layered(id: &str) -> Response<Page> {
    show(id)
}

fn show(id: &str) -> Response<Page> {
    let mut response = Response::new(Full::new(&b"an order"[..]));
    *response.status_mut() = if black_box(id).is_empty() {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    response
}

fn id<B>(request: &Request<B>) -> &str {
    request.uri().path().rsplit('/').next().unwrap_or_default()
}

fn request() -> Request<Page> {
    let mut request = Request::new(Full::default());
    *request.uri_mut() = http::Uri::from_static("/orders/ord_8Zk2");
    request.headers_mut().insert(
        "traceparent",
        http::HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    );
    request
}

/// Extractor of the header map, as `opentelemetry-http` has it.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Drops every span.
#[derive(Debug)]
struct Dropping;

impl SpanProcessor for Dropping {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &opentelemetry::Context) {}

    fn on_end(&self, span: SpanData) {
        drop(black_box(span));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Serves one request, and reads the response to its end. Nothing in it waits.
fn serve<S, B>(service: &mut S) -> usize
where
    S: Service<Request<Page>, Response = Response<B>, Error = Infallible>,
    B: Body<Data = &'static [u8]>,
{
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(response)) = pin!(service.call(request())).poll(&mut cx) else {
        return 0;
    };
    let mut body = pin!(response.into_body());
    let mut length = 0;
    while let Poll::Ready(Some(Ok(frame))) = body.as_mut().poll_frame(&mut cx) {
        length += frame.data_ref().map_or(0, |data| data.len());
    }
    length
}

/// One way to instrument the service.
struct Case {
    name: &'static str,
    serve: Box<dyn FnMut() -> usize>,
    times: Vec<Duration>,
}

impl Case {
    fn new(name: &'static str, serve: impl FnMut() -> usize + 'static) -> Self {
        Self {
            name,
            serve: Box::new(serve),
            times: Vec::new(),
        }
    }

    fn round(&mut self) {
        let start = Instant::now();
        for _ in 0..REQUESTS {
            assert_eq!((self.serve)(), 8);
        }
        self.times.push(start.elapsed());
    }
}

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let tracers = SdkTracerProvider::builder()
        .with_span_processor(Dropping)
        .build();
    let meters = SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .with_view(edges::view)
        .build();
    let subscriber = tracing_subscriber::registry().with(
        tracing_opentelemetry::layer()
            .with_tracer(tracers.tracer("bench"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false),
    );
    tracing::subscriber::set_global_default(subscriber)?;
    let resource = edges::Resource {
        service_name: "bench".into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: edges::DeploymentEnvironmentName::Test,
    };
    let without_exporters = ["TRACES", "METRICS", "LOGS"];
    let guard = edges::telemetry(resource)
        .variables(without_exporters.map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none")))
        .with_span_end_processor(Dropping)
        .with_meter_provider(meters)
        .install()?;
    // The process ends without a report about spans that were dropped on purpose.
    std::mem::forget(guard);

    let mut plain =
        service_fn(async |request: Request<Page>| Ok::<_, Infallible>(show(id(&request))));
    let mut by_hand = service_fn(async |request: Request<Page>| {
        Ok::<_, Infallible>(annotated(request.headers(), id(&request)).await)
    });
    let mut behind_layer = ServiceBuilder::new()
        .layer(edges::server_layer())
        .service(service_fn(async |request: Request<Page>| {
            Ok::<_, Infallible>(layered(id(&request)).await)
        }));
    let propagator = TraceContextPropagator::new();
    let mut behind_tower_http = ServiceBuilder::new()
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(move |request: &Request<Page>| {
                    let span = tracing::info_span!(
                        "order.layered",
                        otel.kind = "server",
                        http.request.method = request.method().as_str(),
                        http.route = ROUTE,
                        http.response.status_code = tracing::field::Empty,
                        order.id = tracing::field::Empty,
                    );
                    let _ = span.set_parent(propagator.extract(&Headers(request.headers())));
                    span
                })
                .on_request(())
                .on_response(
                    |response: &Response<Page>, _: Duration, span: &tracing::Span| {
                        span.record("http.response.status_code", response.status().as_u16());
                    },
                )
                .on_body_chunk(())
                .on_eos(()),
        )
        .service(service_fn(async |request: Request<Page>| {
            let id = id(&request);
            tracing::Span::current().record("order.id", id);
            Ok::<_, Infallible>(show(id))
        }));
    Ok(vec![
        Case::new("no telemetry", move || serve(&mut plain)),
        Case::new("annotated handler", move || serve(&mut by_hand)),
        Case::new("layer and annotated handler", move || {
            serve(&mut behind_layer)
        }),
        Case::new("TraceLayer and tracing-opentelemetry", move || {
            serve(&mut behind_tower_http)
        }),
    ])
}

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args()
        .nth(1)
        .map_or(Ok(201), |rounds| rounds.parse())?;
    let mut cases = cases()?;
    for _ in 0..rounds {
        for case in &mut cases {
            case.round();
        }
    }
    let median = |case: &mut Case| {
        let middle = case.times.len() / 2;
        let (_, median, _) = case.times.select_nth_unstable(middle);
        median.as_secs_f64() * 1e9 / f64::from(REQUESTS)
    };
    let medians: BTreeMap<&str, f64> = cases
        .iter_mut()
        .map(|case| (case.name, median(case)))
        .collect();
    let annotated = medians["annotated handler"];
    println!("{rounds} interleaved rounds of {REQUESTS} requests; median time of a request\n");
    println!("| service | ns | of the annotated handler |\n| --- | --- | --- |");
    for case in &cases {
        let time = medians[case.name];
        println!("| {} | {time:.0} | {:.2} |", case.name, time / annotated);
    }
    Ok(())
}
