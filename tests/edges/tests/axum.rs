//! An axum server behind the layer of its contract, over real connections.

mod support;

use axum::body::Body;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use support::{Server, request};
use test_edges::edges::{
    self, AccountTier, Baggage, ErrorClass, ErrorType, HttpRequestMethod, HttpResponseStatusCode,
    HttpRoute, OrderId, ServerAddress, UrlScheme, instrumented_operation,
};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(edges)]
enum ShowError {
    #[error("there is no such order")]
    #[error_class(order_not_found)]
    NotFound,
    #[error("the database failed")]
    #[error_class(store_failed)]
    Store,
}

impl IntoResponse for ShowError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Store => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, self.to_string()).into_response()
    }
}

#[instrumented_operation(
    edges::OrderShow,
    order.id = &id,
    account.tier = Baggage::current().account_tier,
)]
async fn show(Path(id): Path<String>) -> Result<String, ShowError> {
    read(&id).await?;
    Ok(format!("order {id}"))
}

#[instrumented_operation(edges::OrderRead, order.id = id)]
async fn read(id: &str) -> Result<(), ShowError> {
    match id {
        "missing" => Err(ShowError::NotFound),
        "broken" => Err(ShowError::Store),
        "panic" => panic!("the handler panics"),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct NewOrder {
    lines: Vec<String>,
}

#[instrumented_operation(
    edges::OrderCreate,
    order.lines = i64::try_from(order.lines.len()).unwrap_or(i64::MAX),
    ok(|created| order.id = created),
)]
async fn create(Json(order): Json<NewOrder>) -> Result<String, Infallible> {
    Ok(format!("ord_{}", order.lines.len()))
}

/// Streams `parts` parts without announcing a length. Part 3 fails, if there is one.
fn parts(parts: u32, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(0, move |sent| async move {
        if sent == parts {
            return None;
        }
        tokio::time::sleep(pause).await;
        let part = if sent == 3 {
            Err(std::io::Error::other("the database is gone"))
        } else {
            Ok("part\n")
        };
        let _ = read("17").await;
        Some((part, sent + 1))
    }))
}

fn routes() -> Router {
    Router::new()
        .route("/orders/{order_id}", get(show))
        .route("/orders", post(create))
        .route(
            "/export",
            get(|| async { parts(3, Duration::from_millis(30)) }),
        )
        .route("/export/endless", get(|| async { "not in the contract" }))
}

fn layered(routes: Router) -> Router {
    routes.layer(edges::server_layer())
}

#[tokio::test]
async fn a_handler_adds_its_attributes_to_the_operation_of_its_request() {
    let server = Server::start(layered(routes())).await;
    let response = server
        .send(&request("GET", "/orders/17?secret=1").with(
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
             baggage: account.tier=pro,user.email=ada%40example.com\r\n\
             user-agent: test/1",
        ))
        .await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body, "order 17");
    let recorded = server.recorded();
    let shown = recorded.operation::<edges::OrderShow>().once();
    let span = shown.span();
    assert_eq!(
        span.trace_id.to_string(),
        "0af7651916cd43dd8448eb211c80319c"
    );
    assert_eq!(span.parent_span_id.to_string(), "b7ad6b7169203331");
    shown
        .succeeded()
        .with(HttpRequestMethod::Get)
        .with(HttpRoute::capped("/orders/{order_id}"))
        .with(HttpResponseStatusCode::saturating(200))
        .with(OrderId::from("17"))
        .with(AccountTier::Pro)
        .with(UrlScheme::capped("http"))
        .with(ServerAddress::capped("127.0.0.1"))
        .with(edges::ServerPort::saturating(server.port().into()))
        .with(edges::UrlPath::from("/orders/17"))
        .with(edges::UserAgentOriginal::from("test/1"))
        .with(edges::NetworkProtocolVersion::capped("1.1"))
        .with(edges::HttpResponseBodySize::from(8))
        .without::<edges::ClientAddress>();
    recorded
        .operation::<edges::OrderRead>()
        .once()
        .child_of::<edges::OrderShow>();
    recorded
        .duration::<edges::OrderShow>()
        .having(HttpRoute::capped("/orders/{order_id}"))
        .having(AccountTier::Pro)
        .succeeded()
        .count(1);
    recorded.active::<edges::OrderShow>().sum(0);
    recorded.assert_contract(&edges::CONTRACT);
}

#[tokio::test]
async fn a_rejected_request_leaves_its_operation_without_the_attributes_of_the_handler() {
    let server = Server::start(layered(routes())).await;
    let response = server
        .send(
            &request("POST", "/orders")
                .with("content-type: application/json")
                .body("{\"lines\": 3}"),
        )
        .await;
    assert_eq!(response.status, 422);
    let recorded = server.recorded();
    let created = recorded.operation::<edges::OrderCreate>().once();
    assert_eq!(created.get::<edges::OrderLines>(), None);
    created
        .succeeded()
        .with(HttpResponseStatusCode::saturating(422))
        .with(edges::HttpRequestBodySize::from(12));
    recorded
        .duration::<edges::OrderCreate>()
        .having(HttpResponseStatusCode::saturating(422))
        .succeeded()
        .count(1);
    recorded.assert_contract(&edges::CONTRACT);
}

#[tokio::test]
async fn a_failure_of_4xx_keeps_its_class_and_leaves_the_status_unset() {
    let server = Server::start(layered(routes())).await;
    let response = server.send(&request("GET", "/orders/missing")).await;
    assert_eq!(response.status, 404);
    let recorded = server.recorded();
    let shown = recorded.operation::<edges::OrderShow>().once();
    assert_eq!(shown.span().status, opentelemetry::trace::Status::Unset);
    shown.failed(ErrorType::OrderNotFound);
    recorded
        .duration::<edges::OrderShow>()
        .failed(ErrorType::OrderNotFound)
        .count(1);
    recorded.assert_contract(&edges::CONTRACT);
}

#[tokio::test]
async fn a_failure_of_5xx_is_an_error_with_the_class_of_the_handler() {
    let server = Server::start(layered(routes())).await;
    let response = server.send(&request("GET", "/orders/broken")).await;
    assert_eq!(response.status, 500);
    let recorded = server.recorded();
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .failed(ErrorType::StoreFailed)
        .with(HttpResponseStatusCode::saturating(500));
}

#[tokio::test]
async fn a_response_of_5xx_from_a_plain_handler_is_the_class_other() {
    let app = Router::new().route(
        "/orders/{order_id}",
        get(|| async { StatusCode::SERVICE_UNAVAILABLE }),
    );
    let server = Server::start(layered(app)).await;
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 503);
    server
        .recorded()
        .operation::<edges::OrderShow>()
        .once()
        .failed(ErrorType::Other)
        .with(HttpResponseStatusCode::saturating(503));
}

#[tokio::test]
async fn a_panic_of_a_handler_is_recorded_with_and_without_a_response() {
    let server = Server::start(layered(routes())).await;
    assert_eq!(
        server.send(&request("GET", "/orders/panic")).await.status,
        0
    );
    let recorded = server.recorded();
    let shown = recorded.operation::<edges::OrderShow>().once().panicked();
    shown.without::<HttpResponseStatusCode>();

    let caught = Server::start(layered(routes().layer(CatchPanicLayer::new()))).await;
    let response = caught.send(&request("GET", "/orders/panic")).await;
    assert_eq!(response.status, 500);
    let recorded = caught.recorded();
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .panicked()
        .with(HttpResponseStatusCode::saturating(500));

    let plain = Router::new().route(
        "/orders/{order_id}",
        get(|| async { panic!("not annotated") as String }),
    );
    let plain = Server::start(layered(plain)).await;
    assert_eq!(plain.send(&request("GET", "/orders/17")).await.status, 0);
    plain
        .recorded()
        .operation::<edges::OrderShow>()
        .once()
        .panicked();
}

#[tokio::test]
async fn a_timeout_cancels_the_handler_and_has_the_status_of_its_response() {
    let status = StatusCode::GATEWAY_TIMEOUT;
    let timeout = TimeoutLayer::with_status_code(status, Duration::from_millis(50));
    let server = Server::start(layered(routes().layer(timeout))).await;
    assert_eq!(
        server.send(&request("GET", "/orders/slow")).await.status,
        504
    );
    let recorded = server.recorded();
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .cancelled()
        .with(HttpResponseStatusCode::saturating(504));
    recorded.operation::<edges::OrderRead>().once().cancelled();
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_operation() {
    let server = Server::start(layered(routes())).await;
    server.send_and_leave(&request("GET", "/orders/slow")).await;
    let recorded = server.recorded_operations(1).await;
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .cancelled()
        .without::<HttpResponseStatusCode>();
    recorded.active::<edges::OrderShow>().sum(0);
}

#[tokio::test]
async fn a_streamed_response_ends_the_operation_with_its_last_byte() {
    let server = Server::start(layered(routes())).await;
    let response = server.send(&request("GET", "/export")).await;
    assert_eq!(response.body.matches("part").count(), 3);
    let recorded = server.recorded_operations(1).await;
    let points = recorded.duration::<edges::OrderExport>().count(1);
    let seconds: f64 = points.points().map(|point| point.value).sum();
    assert!(seconds >= 0.09, "{seconds} s");
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .succeeded()
        .with(edges::HttpResponseBodySize::from(15));
    recorded
        .operation::<edges::OrderRead>()
        .times(3)
        .each(|read| drop(read.child_of::<edges::OrderExport>()));
}

#[tokio::test]
async fn a_stream_that_fails_or_is_left_is_no_success() {
    let app = || {
        Router::new().route(
            "/export",
            get(|| async { parts(1_000, Duration::from_millis(5)) }),
        )
    };
    let failing = Server::start(layered(app())).await;
    failing.send(&request("GET", "/export")).await;
    let recorded = failing.recorded_operations(1).await;
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .failed(ErrorType::Other);

    let slow = Router::new().route(
        "/export",
        get(|| async { parts(3, Duration::from_secs(60)) }),
    );
    let left = Server::start(layered(slow)).await;
    left.send_and_leave(&request("GET", "/export")).await;
    let recorded = left.recorded_operations(1).await;
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .cancelled()
        .with(HttpResponseStatusCode::saturating(200));
}

#[tokio::test]
async fn a_response_without_a_body_ends_the_operation_at_once() {
    let app = Router::new()
        .route("/orders/{order_id}", get(async || "seven b"))
        .route("/export", get(|| async { StatusCode::NO_CONTENT }));
    let server = Server::start(layered(app)).await;
    assert_eq!(
        server.send(&request("HEAD", "/orders/17")).await.status,
        200
    );
    assert_eq!(server.send(&request("GET", "/export")).await.status, 204);
    let recorded = server.recorded();
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .succeeded()
        .with(HttpRequestMethod::Head);
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .succeeded();
}

#[tokio::test]
async fn a_request_without_a_route_is_the_operation_of_all_others() {
    let server = Server::start(layered(routes())).await;
    assert_eq!(
        server
            .send(&request("GET", "/nobody@example.com"))
            .await
            .status,
        404
    );
    assert_eq!(server.send(&request("BREW", "/coffee")).await.status, 404);
    let recorded = server.recorded();
    let of = |method| {
        recorded
            .operation::<edges::EdgesUnmatched>()
            .having(method)
            .once()
            .with(HttpRoute::capped("_OTHER"))
            .with(HttpResponseStatusCode::saturating(404))
    };
    of(HttpRequestMethod::Get);
    drop(recorded.operation::<edges::EdgesUnmatched>().times(2));
}

#[tokio::test]
async fn a_route_that_the_contract_does_not_have_is_recorded_and_works() {
    let server = Server::start(layered(routes())).await;
    let response = server.send(&request("GET", "/export/endless")).await;
    assert_eq!(
        (response.status, &*response.body),
        (200, "not in the contract")
    );
    server
        .recorded()
        .operation::<edges::EdgesUnmatched>()
        .once()
        .succeeded()
        .with(HttpRoute::capped("_OTHER"));
}

#[tokio::test]
async fn the_second_annotated_function_of_a_request_is_a_child() {
    async fn twice() -> Result<String, ShowError> {
        let first = show(Path("1".to_owned())).await?;
        Ok(first + &show(Path("2".to_owned())).await?)
    }
    let app = Router::new().route("/orders/{order_id}", get(twice));
    let server = Server::start(layered(app)).await;
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 200);
    let recorded = server.recorded();
    let of = |id: &str| {
        recorded
            .operation::<edges::OrderShow>()
            .having(OrderId::from(id))
            .once()
    };
    of("2").child_of::<edges::OrderShow>();
    of("1").with(HttpResponseStatusCode::saturating(200));
}

#[tokio::test]
async fn without_the_layer_an_annotated_handler_is_its_own_operation() {
    let server = Server::start(routes()).await;
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 200);
    server
        .recorded()
        .operation::<edges::OrderShow>()
        .once()
        .succeeded()
        .with(OrderId::from("17"))
        .without::<HttpRoute>();
}
