//! A service whose HTTP server and client are instrumented by other libraries, which use OpenTelemetry's global
//! propagator. Only the baggage that contracts list reaches the next service.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use support::{take_turn, telemetry};
use test_receiver::{Behaviour, Receiver};
use tokio::net::TcpListener;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Starts a server on a free port.
async fn serve(service: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("a bound listener");
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// The next service, which passes the headers of each request on.
fn next_service(seen: Sender<HeaderMap>) -> Router {
    let receive = |State(seen): State<Sender<HeaderMap>>, headers: HeaderMap| async move {
        seen.send(headers).expect("the test waits");
    };
    Router::new().route("/", get(receive)).with_state(seen)
}

/// The service: reads the context of a request and calls the next service in it, as instrumented libraries do.
fn service(next: SocketAddr) -> Router {
    let handle = async move |headers: HeaderMap| {
        let received = global::get_text_map_propagator(|propagator| {
            propagator.extract_with_context(&Context::new(), &HeaderExtractor(&headers))
        });
        // Another library adds baggage in the process.
        let baggage = received.baggage().iter();
        let mut baggage: Vec<KeyValue> = baggage
            .map(|(key, (value, _))| KeyValue::new(key.clone(), value.clone()))
            .collect();
        baggage.push(KeyValue::new("session.user", "ada@example.com"));
        let context = received.with_baggage(baggage);
        let mut request = ureq::get(format!("http://{next}/"));
        let mut headers = HeaderMap::new();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut HeaderInjector(&mut headers));
        });
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        assert_eq!(received.span().span_context().trace_id().to_string(), TRACE);
        let called = tokio::task::spawn_blocking(|| request.call().map(|_| ()));
        called.await.expect("no panic").expect("a response");
    };
    Router::new().route("/", get(handle))
}

/// Sends a request with this baggage to the service, and returns the headers that the next service receives.
fn forwarded(baggage: &str) -> HeaderMap {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (seen, next_sees) = channel();
    let address = runtime.block_on(async {
        let next = serve(next_service(seen)).await;
        serve(service(next)).await
    });
    ureq::get(format!("http://{address}/"))
        .header("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01"))
        .header("baggage", baggage)
        .call()
        .expect("a response");
    next_sees.try_recv().expect("the next service was called")
}

#[test]
fn a_personal_value_in_received_baggage_is_not_forwarded_and_a_listed_key_is() {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver.endpoint(), "http/protobuf", &[]).install();
    let guard = guard.expect("a valid set-up");
    let personal = "user.email=ada%40example.com,account.tier=pro,user.id=4711;ttl=3";
    let headers = forwarded(personal);
    assert_eq!(headers["baggage"], "account.tier=pro");
    let traceparent = headers["traceparent"].to_str().expect("ASCII");
    assert!(traceparent.contains(TRACE), "{traceparent}");
    let all = format!("{headers:?}");
    assert!(!all.contains("ada") && !all.contains("4711"), "{all}");
    // Without a listed key, there is no header.
    assert_eq!(
        forwarded("user.email=ada%40example.com").get("baggage"),
        None
    );
    drop(guard.shutdown());
}

/// The propagator remains installed if `OTEL_SDK_DISABLED` turns everything else off.
#[test]
fn a_disabled_set_up_does_not_forward_personal_baggage() {
    let _turn = take_turn();
    let variables = [("OTEL_SDK_DISABLED", "true")];
    let guard = telemetry("http://127.0.0.1:1", "http/protobuf", &variables).install();
    let guard = guard.expect("a valid set-up");
    let headers = forwarded("user.email=ada%40example.com,account.tier=pro");
    assert_eq!(headers["baggage"], "account.tier=pro");
    drop(guard.shutdown());
}
