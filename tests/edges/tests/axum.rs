//! An axum server behind the layer of its contract, over real connections.

mod support;

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::convert::Infallible;
use std::time::Duration;
use support::orders::{NewOrder, ShowError, parts, read};
use support::{Server, cases, request};
use test_edges::edges::{self, Baggage, HttpResponseStatusCode, instrumented_operation};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

impl IntoResponse for ShowError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).expect("a status");
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

#[instrumented_operation(
    edges::OrderCreate,
    order.lines = i64::try_from(order.lines.len()).unwrap_or(i64::MAX),
    ok(|created| order.id = created),
)]
async fn create(Json(order): Json<NewOrder>) -> Result<String, Infallible> {
    Ok(format!("ord_{}", order.lines.len()))
}

fn stream(count: u32, pause: Duration) -> Body {
    Body::from_stream(parts::<&str>(count, pause))
}

fn routes() -> Router {
    Router::new()
        .route("/orders/{order_id}", get(show))
        .route("/orders", post(create))
        .route(
            "/export",
            get(|| async { stream(3, Duration::from_millis(30)) }),
        )
        .route("/export/endless", get(|| async { "not in the contract" }))
}

fn layered(routes: Router) -> Router {
    routes.layer(edges::server_layer())
}

async fn start(routes: Router) -> Server {
    let scope = edges::testing::scope();
    let of_request = scope.clone();
    let in_scope = middleware::from_fn(move |request: Request, next: Next| {
        let scope = of_request.clone();
        async move { scope.run_async(next.run(request)).await }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    tokio::spawn(axum::serve(listener, routes.layer(in_scope)).into_future());
    Server::new(scope, address)
}

#[tokio::test]
async fn a_handler_adds_its_attributes_to_the_operation_of_its_request() {
    cases::a_handler_adds_its_attributes(&start(layered(routes())).await).await;
}

#[tokio::test]
async fn a_rejected_request_leaves_its_operation_without_the_attributes_of_the_handler() {
    let server = start(layered(routes())).await;
    cases::a_rejected_request_lacks_the_attributes_of_the_handler(&server, 422).await;
}

#[tokio::test]
async fn a_failure_of_4xx_keeps_its_class_and_leaves_the_status_unset() {
    cases::a_failure_of_4xx_keeps_its_class(&start(layered(routes())).await).await;
}

#[tokio::test]
async fn a_failure_of_5xx_is_an_error_with_the_class_of_the_handler() {
    cases::a_failure_of_5xx_has_the_class_of_the_handler(&start(layered(routes())).await).await;
}

#[tokio::test]
async fn a_response_of_5xx_from_a_plain_handler_is_the_class_other() {
    let app = Router::new().route(
        "/orders/{order_id}",
        get(|| async { StatusCode::SERVICE_UNAVAILABLE }),
    );
    cases::a_response_of_5xx_is_the_class_other(&start(layered(app)).await).await;
}

#[tokio::test]
async fn a_panic_of_a_handler_is_recorded_with_and_without_a_response() {
    cases::a_panic_is_recorded(&start(layered(routes())).await, "/orders/panic").await;

    let caught = start(layered(routes().layer(CatchPanicLayer::new()))).await;
    let response = caught.send(&request("GET", "/orders/panic")).await;
    assert_eq!(response.status, 500);
    caught
        .recorded(1)
        .await
        .operation::<edges::OrderShow>()
        .once()
        .panicked()
        .with(HttpResponseStatusCode::saturating(500));

    let plain = Router::new().route(
        "/orders/{order_id}",
        get(|| async { panic!("not annotated") as String }),
    );
    cases::a_panic_is_recorded(&start(layered(plain)).await, "/orders/17").await;
}

#[tokio::test]
async fn a_timeout_cancels_the_handler_and_has_the_status_of_its_response() {
    let status = StatusCode::GATEWAY_TIMEOUT;
    let timeout = TimeoutLayer::with_status_code(status, Duration::from_millis(50));
    cases::a_timeout_cancels_the_handler(&start(layered(routes().layer(timeout))).await).await;
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_operation() {
    let server = start(layered(routes())).await;
    cases::a_client_that_goes_away_cancels_the_operation(&server).await;
}

#[tokio::test]
async fn a_streamed_response_ends_the_operation_with_its_last_byte() {
    let server = start(layered(routes())).await;
    cases::a_stream_ends_the_operation_with_its_last_byte(&server).await;
}

#[tokio::test]
async fn a_stream_that_fails_or_is_left_is_no_success() {
    let app = |pause| {
        let export = get(move || async move { stream(1_000, pause) });
        layered(Router::new().route("/export", export))
    };
    cases::a_stream_that_fails_is_no_success(&start(app(Duration::from_millis(5))).await).await;
    cases::a_stream_that_is_left_is_no_success(&start(app(Duration::from_secs(60))).await).await;
}

#[tokio::test]
async fn a_response_without_a_body_ends_the_operation_at_once() {
    let app = Router::new()
        .route("/orders/{order_id}", get(async || "seven b"))
        .route("/export", get(|| async { StatusCode::NO_CONTENT }));
    cases::a_response_without_a_body_ends_the_operation(&start(layered(app)).await).await;
}

#[tokio::test]
async fn a_request_without_a_route_is_the_operation_of_all_others() {
    let server = start(layered(routes())).await;
    cases::a_request_without_a_route_is_the_operation_of_all_others(&server).await;
}

#[tokio::test]
async fn a_route_that_the_contract_does_not_have_is_recorded_and_works() {
    cases::a_route_outside_of_the_contract_works(&start(layered(routes())).await).await;
}

#[tokio::test]
async fn the_second_annotated_function_of_a_request_is_a_child() {
    async fn twice() -> Result<String, ShowError> {
        let first = show(Path("1".to_owned())).await?;
        Ok(first + &show(Path("2".to_owned())).await?)
    }
    let app = Router::new().route("/orders/{order_id}", get(twice));
    cases::the_second_annotated_function_is_a_child(&start(layered(app)).await).await;
}

#[tokio::test]
async fn without_the_layer_an_annotated_handler_is_its_own_operation() {
    let server = start(routes()).await;
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 200);
    let recorded = server.recorded(1).await;
    let shown = recorded.operation::<edges::OrderShow>().once().succeeded();
    shown
        .with(edges::OrderId::from("17"))
        .without::<edges::HttpRoute>();
}
