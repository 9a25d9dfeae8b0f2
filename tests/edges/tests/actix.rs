//! A server of actix-web behind the middleware of its contract, over real connections.

mod support;

use actix_service::map_config;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Service as _, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::web::{self, Bytes, Json, Path, ServiceConfig};
use actix_web::{App, Error, HttpResponse, HttpServer, ResponseError, error, test};
use opentelemetry::trace::Status;
use otel_contract::edge::ActixMiddleware;
use otel_contract::testing::Recording;
use std::convert::Infallible;
use std::net::TcpListener;
use std::time::Duration;
use support::orders::{NewOrder, ShowError, parts, read};
use support::{Server, cases, request};
use test_edges::edges::{
    self, Baggage, ErrorType, HttpResponseStatusCode, HttpRoute, OrderCreate, OrderShow,
    TraceContext, UrlScheme, instrumented_operation,
};

impl ResponseError for ShowError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).expect("a status")
    }
}

#[instrumented_operation(
    edges::OrderShow,
    order.id = &*id,
    account.tier = Baggage::current().account_tier,
)]
async fn show(id: Path<String>) -> Result<String, ShowError> {
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

fn stream(count: u32, pause: Duration) -> HttpResponse {
    HttpResponse::Ok().streaming(parts::<Bytes>(count, pause))
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/orders/{order_id}", web::get().to(show))
        .route(OrderCreate::PATH, web::post().to(create))
        .route(
            "/export",
            web::get().to(async || stream(3, Duration::from_millis(30))),
        )
        .route(
            "/export/endless",
            web::get().to(async || "not in the contract"),
        );
}

/// Starts a server with the middleware.
fn start(routes: fn(&mut ServiceConfig)) -> Server {
    let scope = edges::testing::scope();
    let of_request = scope.clone();
    let app = move || {
        let scope = of_request.clone();
        App::new()
            .configure(routes)
            .wrap(edges::actix_middleware())
            .wrap_fn(move |request, next| scope.run_async(scope.run(|| next.call(request))))
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound socket");
    let server = HttpServer::new(app)
        // Otherwise, a client may close its side of the connection and still wait for the response.
        .h1_allow_half_closed(false)
        .workers(1)
        .disable_signals()
        .listen(listener)
        .expect("a bound socket");
    tokio::spawn(server.run());
    Server::new(scope, address)
}

#[tokio::test]
async fn a_handler_adds_its_attributes_to_the_operation_of_its_request() {
    cases::a_handler_adds_its_attributes(&start(routes)).await;
}

#[tokio::test]
async fn a_rejected_request_leaves_its_operation_without_the_attributes_of_the_handler() {
    cases::a_rejected_request_lacks_the_attributes_of_the_handler(&start(routes), 400).await;
}

#[tokio::test]
async fn a_failure_of_4xx_keeps_its_class_and_leaves_the_status_unset() {
    cases::a_failure_of_4xx_keeps_its_class(&start(routes)).await;
}

#[tokio::test]
async fn a_failure_of_5xx_is_an_error_with_the_class_of_the_handler() {
    cases::a_failure_of_5xx_has_the_class_of_the_handler(&start(routes)).await;
}

#[tokio::test]
async fn a_response_of_5xx_from_a_plain_handler_is_the_class_other() {
    let server = start(|config| {
        let unavailable = web::get().to(HttpResponse::ServiceUnavailable);
        config.route("/orders/{order_id}", unavailable);
    });
    cases::a_response_of_5xx_is_the_class_other(&server).await;
}

#[tokio::test]
async fn a_panic_of_a_handler_is_recorded() {
    cases::a_panic_is_recorded(&start(routes), "/orders/panic").await;

    let plain = start(|config| {
        let panic = web::get().to(async || panic!("not annotated") as String);
        config.route("/orders/{order_id}", panic);
    });
    cases::a_panic_is_recorded(&plain, "/orders/17").await;
}

async fn timeout<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    tokio::time::timeout(Duration::from_millis(50), next.call(request))
        .await
        .unwrap_or_else(|_| Err(error::ErrorGatewayTimeout("too slow")))
}

#[tokio::test]
async fn a_timeout_cancels_the_handler_and_has_the_status_of_its_response() {
    let server = start(|config| {
        let app = web::scope("").wrap(from_fn(timeout)).configure(routes);
        config.service(app);
    });
    cases::a_timeout_cancels_the_handler(&server).await;
}

#[derive(Debug, thiserror::Error)]
#[error("the request was not authorized")]
struct Unauthorized;

/// The status of the response differs from `status_code`, which would be 500.
impl ResponseError for Unauthorized {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::Unauthorized().body(self.to_string())
    }
}

#[tokio::test]
async fn an_error_of_a_middleware_has_the_status_of_its_response() {
    let server = start(|config| {
        let reject = from_fn(async |request: ServiceRequest, next: Next<_>| {
            match request.headers().get("authorization") {
                None => Err(Unauthorized.into()),
                Some(name) if name == "broken" => {
                    Err(error::ErrorBadGateway("the directory is away"))
                }
                Some(_) => next.call(request).await,
            }
        });
        config.service(web::scope("").wrap(reject).configure(routes));
    });
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 401);
    let rejected = server.recorded(1).await;
    let rejected = rejected.operation::<OrderShow>().once();
    assert_eq!(rejected.span().status, Status::Unset);
    rejected
        .succeeded()
        .with(HttpResponseStatusCode::saturating(401))
        .without::<edges::OrderId>();

    let broken = request("GET", "/orders/17").with("authorization: broken");
    assert_eq!(server.send(&broken).await.status, 502);
    let recorded = server.recorded(2).await;
    recorded
        .operation::<OrderShow>()
        .having(HttpResponseStatusCode::saturating(502))
        .once()
        .failed(ErrorType::Other);
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_operation() {
    cases::a_client_that_goes_away_cancels_the_operation(&start(routes)).await;
}

#[tokio::test]
async fn a_streamed_response_ends_the_operation_with_its_last_byte() {
    cases::a_stream_ends_the_operation_with_its_last_byte(&start(routes)).await;
}

#[tokio::test]
async fn a_stream_that_fails_or_is_left_is_no_success() {
    let failing = start(|config| {
        let export = web::get().to(async || stream(1_000, Duration::from_millis(5)));
        config.route("/export", export);
    });
    cases::a_stream_that_fails_is_no_success(&failing).await;
    let slow = start(|config| {
        let export = web::get().to(async || stream(3, Duration::from_secs(60)));
        config.route("/export", export);
    });
    cases::a_stream_that_is_left_is_no_success(&slow).await;
}

#[tokio::test]
async fn a_response_without_a_body_ends_the_operation_at_once() {
    let server = start(|config| {
        config
            .route("/orders/{order_id}", web::head().to(async || "seven b"))
            .route("/export", web::get().to(HttpResponse::NoContent));
    });
    cases::a_response_without_a_body_ends_the_operation(&server).await;
}

#[tokio::test]
async fn a_request_without_a_route_is_the_operation_of_all_others() {
    cases::a_request_without_a_route_is_the_operation_of_all_others(&start(routes)).await;
}

#[tokio::test]
async fn a_route_that_the_contract_does_not_have_is_recorded_and_works() {
    cases::a_route_outside_of_the_contract_works(&start(routes)).await;
}

#[tokio::test]
async fn the_second_annotated_function_of_a_request_is_a_child() {
    async fn twice() -> Result<String, ShowError> {
        let first = show(Path::from("1".to_owned())).await?;
        Ok(first + &show(Path::from("2".to_owned())).await?)
    }
    let server = start(|config| {
        config.route("/orders/{order_id}", web::get().to(twice));
    });
    cases::the_second_annotated_function_is_a_child(&server).await;
}

/// Sends a request to an app without a server. Returns what the app recorded.
async fn record(path: &str, middleware: Condition<ActixMiddleware>) -> Recording {
    let scope = edges::testing::scope();
    let app = test::init_service(App::new().configure(routes).wrap(middleware)).await;
    let request = test::TestRequest::get().uri(path).to_request();
    let call = test::call_and_read_body(&app, request);
    assert_eq!(scope.run_async(call).await, "order 17");
    scope.recorded()
}

#[tokio::test]
async fn without_the_middleware_an_annotated_handler_is_its_own_operation() {
    let recorded = record(
        "/orders/17",
        Condition::new(false, edges::actix_middleware()),
    )
    .await;
    let shown = recorded.operation::<OrderShow>().once().succeeded();
    shown
        .with(edges::OrderId::from("17"))
        .without::<HttpRoute>();
}

#[tokio::test]
async fn the_scheme_is_that_of_the_request_the_server_or_the_proxy() {
    let (path, uri) = ("/orders/17", "https://example.com/orders/17");
    let records = async |uri: &str, middleware: ActixMiddleware, scheme: &str| {
        let recorded = record(uri, Condition::new(true, middleware)).await;
        let shown = recorded.operation::<OrderShow>().once();
        shown.with(UrlScheme::capped(scheme));
    };
    records(path, edges::actix_middleware(), "http").await;
    records(uri, edges::actix_middleware(), "https").await;
    records(path, edges::actix_middleware().scheme("https"), "https").await;

    let scope = edges::testing::scope();
    let app = App::new().configure(routes).wrap(edges::actix_middleware());
    // The configuration of a server that has TLS.
    let address = ([127, 0, 0, 1], 443).into();
    let config = AppConfig::__priv_test_new(true, "localhost".to_owned(), address);
    let app = test::init_service(map_config(app, move |_: AppConfig| config.clone())).await;
    let request = test::TestRequest::get().uri(path).to_request();
    let _ = scope.run_async(test::call_service(&app, request)).await;
    let shown = scope.recorded().operation::<OrderShow>().once();
    shown.with(UrlScheme::capped("https"));
}

#[tokio::test]
async fn the_middleware_of_a_scope_sees_the_whole_path() {
    let scope = edges::testing::scope();
    let orders = web::scope("/v2")
        .route("/orders/{order_id}", web::get().to(show))
        .wrap(edges::actix_middleware());
    let app = test::init_service(App::new().service(orders)).await;
    let request = test::TestRequest::get().uri("/v2/orders/17").to_request();
    let call = test::call_and_read_body(&app, request);
    assert_eq!(scope.run_async(call).await, "order 17");
    let shown = scope.recorded().operation::<OrderShow>().once();
    shown.with(HttpRoute::capped("/v2/orders/{order_id}"));
}

#[test]
fn the_headers_of_actix_are_a_carrier() {
    let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let context = TraceContext::from_lossy(&format!("{text};baggage=account.tier=pro"));
    let mut headers = HeaderMap::new();
    context.inject(&mut headers);
    assert_eq!(headers.get("traceparent").expect("injected"), text);
    assert_eq!(
        headers.get("baggage").expect("injected"),
        "account.tier=pro"
    );
    assert_eq!(TraceContext::extract(&headers), context);

    let name = HeaderName::from_static("traceparent");
    headers.append(name, HeaderValue::from_static(text));
    assert!(!TraceContext::extract(&headers).is_valid());
    TraceContext::default().inject(&mut headers);
    assert!(headers.is_empty(), "{headers:?}");
}
