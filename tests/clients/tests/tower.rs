//! Clients of hyper behind the layer of their contract, over real connections.

mod support;

use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use std::time::Duration;
use support::Server;
use support::hyper::{Body, HttpClient, StockFailed, each, filling, hyper, request, reserve, send};
use test_clients::clients::{
    self, AccountTier, Baggage, ErrorType, HttpRequestBodySize, HttpRequestMethod,
    HttpRequestResendCount, HttpResponseBodySize, HttpResponseStatusCode, NetworkProtocolName,
    NetworkProtocolVersion, OrderId, RetryAttempt, ServerAddress, ServerPort, UrlScheme,
    UrlTemplate, instrumented_operation,
};
use tower::{Service as _, ServiceBuilder, ServiceExt as _};

#[tokio::test]
async fn a_request_sets_the_attributes_of_the_operation_that_sends_it() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let status = scope
        .run_async(reserve(&filling(), &[server.url("ok?secret=1")]))
        .await;
    assert_eq!(status.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    assert_eq!(recorded.spans.len(), 1);
    let reserved = recorded.operation::<clients::StockReserve>().once();
    assert_eq!(server.parents(), [reserved.span().span_id]);
    reserved
        .succeeded()
        .with(HttpRequestMethod::Post)
        .with(UrlScheme::capped("http"))
        .with(ServerAddress::capped("127.0.0.1"))
        .with(ServerPort::saturating(server.port().into()))
        .with(HttpRequestBodySize::from(6))
        .with(HttpResponseBodySize::from(8))
        .with(HttpResponseStatusCode::saturating(200))
        .with(NetworkProtocolVersion::capped("1.1"))
        .with(OrderId::from("ord_17"))
        .without::<UrlTemplate>()
        .without::<HttpRequestResendCount>()
        .without::<RetryAttempt>();
    recorded
        .duration::<clients::StockReserve>()
        .having(HttpRequestMethod::Post)
        .having(HttpResponseStatusCode::saturating(200))
        .succeeded()
        .count(1);
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn a_protected_attribute_is_left_to_its_typed_setter() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let _ = scope
        .run_async(reserve(&filling(), &[server.url("ok")]))
        .await;
    let _ = scope.run_async(send(&each(), &server.url("ok"))).await;
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockReserve>()
        .once()
        .without::<NetworkProtocolName>();
    recorded
        .operation::<clients::StockRequest>()
        .once()
        .without::<NetworkProtocolName>();
}

#[tokio::test]
async fn headers_of_an_earlier_context_are_replaced_and_only_listed_baggage_travels() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let mut old = request(&server.url("ok"));
    let headers = old.headers_mut();
    let stale = "00-11111111111111111111111111111111-2222222222222222-01";
    headers.insert("traceparent", stale.parse().expect("a header"));
    headers.insert("tracestate", "vendor=1".parse().expect("a header"));
    headers.insert(
        "baggage",
        "user.email=ada%40example.com".parse().expect("a header"),
    );
    let retried = old.clone();
    let _scope = scope.attach();
    {
        let _baggage = Baggage::new().account_tier(AccountTier::Pro).attach();
        each().oneshot(old).await.expect("a response");
    }
    filling().oneshot(retried).await.expect("a response");
    let recorded = scope.recorded();
    let sent = recorded.operation::<clients::StockRequest>().once();
    let first = &server.header("traceparent")[0];
    assert!(first.contains(&sent.span().trace_id.to_string()), "{first}");
    assert_eq!(server.header("baggage"), ["account.tier=pro", ""]);
    assert_eq!(server.header("tracestate"), ["", ""]);
    // The second request was sent outside of any operation, so that there is no trace.
    assert_eq!(server.header("traceparent")[1], "");
}

#[tokio::test]
async fn without_an_operation_around_it_a_request_is_not_recorded() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let sent = scope.run_async(send(&filling(), &server.url("ok"))).await;
    assert_eq!(sent.ok(), Some(StatusCode::OK));
    assert!(scope.recorded().spans.is_empty());
}

#[instrumented_operation(clients::StockPlan, order.id = "ord_17")]
async fn plan(client: &HttpClient, url: &str) -> Result<StatusCode, StockFailed> {
    send(client, url).await.map_err(|_| StockFailed)
}

#[instrumented_operation(clients::StockReserve, order.id = "ord_17")]
async fn reserve_by_plan(client: &HttpClient, url: &str) -> Result<StatusCode, StockFailed> {
    plan(client, url).await
}

#[instrumented_operation(clients::StockRead, order.id = "ord_17")]
async fn read_through(client: &HttpClient, url: &str) -> Result<StatusCode, StockFailed> {
    send(client, url).await.map_err(|_| StockFailed)
}

#[tokio::test]
async fn a_request_of_a_nested_operation_is_not_one_of_the_outer_operation() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let reserved = scope
        .run_async(reserve_by_plan(&filling(), &server.url("ok")))
        .await;
    assert_eq!(reserved.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockReserve>()
        .once()
        .without::<HttpResponseStatusCode>()
        .without::<HttpRequestMethod>();
    let planned = recorded.operation::<clients::StockPlan>().once();
    // The headers are those of the innermost operation, of any kind.
    assert_eq!(server.parents(), [planned.span().span_id]);
}

#[tokio::test]
async fn an_operation_without_attributes_of_the_layer_gets_none() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let sent = scope
        .run_async(read_through(&filling(), &server.url("ok")))
        .await;
    assert_eq!(sent.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    let read = recorded.operation::<clients::StockRead>().once();
    assert_eq!(server.parents(), [read.span().span_id]);
    assert_eq!(read.span().attributes.len(), 1);
}

#[instrumented_operation(
    clients::StockRoute as op,
    server.address = ServerAddress::capped("stock"),
    server.port = port,
)]
async fn route(
    client: &HttpClient,
    url: &str,
    port: Option<ServerPort>,
) -> Result<StatusCode, StockFailed> {
    let status = send(client, url).await.map_err(|_| StockFailed)?;
    op.http_response_status_code(HttpResponseStatusCode::saturating(299));
    Ok(status)
}

#[tokio::test]
async fn values_of_the_function_have_precedence() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let (client, url) = (filling(), server.url("ok"));
    let port = Some(ServerPort::saturating(1));
    scope
        .run_async(route(&client, &url, port))
        .await
        .expect("a response");
    scope
        .recorded()
        .operation::<clients::StockRoute>()
        .once()
        .with(ServerAddress::capped("stock"))
        .with(ServerPort::saturating(1))
        .with(HttpResponseStatusCode::saturating(299));

    let scope = clients::testing::scope();
    scope
        .run_async(route(&client, &url, None))
        .await
        .expect("a response");
    // An attribute whose expression is `None` has no value of the function.
    scope
        .recorded()
        .operation::<clients::StockRoute>()
        .once()
        .with(ServerPort::saturating(server.port().into()));
}

#[tokio::test]
async fn the_function_decides_about_the_outcome() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let status = scope
        .run_async(reserve(&filling(), &[server.url("broken")]))
        .await;
    assert_eq!(status.ok(), Some(StatusCode::SERVICE_UNAVAILABLE));
    let recorded = scope.recorded();
    let reserved = recorded.operation::<clients::StockReserve>();
    reserved
        .having(HttpResponseStatusCode::saturating(503))
        .once()
        .succeeded();
    let scope = clients::testing::scope();
    let refused = scope
        .run_async(reserve(&filling(), &[Server::closed().await]))
        .await;
    assert!(refused.is_err());
    scope
        .recorded()
        .operation::<clients::StockReserve>()
        .once()
        .failed(ErrorType::StockFailed)
        .with(ServerAddress::capped("127.0.0.1"))
        .without::<HttpResponseStatusCode>();
}

#[tokio::test]
async fn the_last_try_decides_about_the_attributes_of_the_operation() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let tries = [server.url("broken"), server.url("ok")];
    let _ = scope.run_async(reserve(&filling(), &tries)).await;
    scope
        .recorded()
        .operation::<clients::StockReserve>()
        .once()
        .with(HttpResponseStatusCode::saturating(200))
        .with(HttpRequestResendCount::from(1))
        .with(RetryAttempt::saturating(1));

    let scope = clients::testing::scope();
    let tries = [
        server.url("broken"),
        server.url("ok"),
        Server::closed().await,
    ];
    let _ = scope.run_async(reserve(&filling(), &tries)).await;
    scope
        .recorded()
        .operation::<clients::StockReserve>()
        .once()
        .without::<HttpResponseStatusCode>()
        .without::<HttpResponseBodySize>()
        .with(HttpRequestResendCount::from(2));

    let scope = clients::testing::scope();
    let (client, tries) = (filling(), [server.url("broken"), server.url("slow")]);
    let limit = Duration::from_millis(200);
    let tried = tokio::time::timeout(limit, scope.run_async(reserve(&client, &tries))).await;
    assert!(tried.is_err());
    scope
        .recorded()
        .operation::<clients::StockReserve>()
        .once()
        .cancelled()
        .with(HttpRequestResendCount::from(1))
        .without::<HttpResponseStatusCode>();
}

#[tokio::test]
async fn a_response_to_head_has_no_body() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let head = async {
        let request = Request::head(server.url("ok")).body(Body::default());
        filling()
            .oneshot(request.expect("a valid request"))
            .await
            .map_err(|_| StockFailed)
    };
    let operation = clients::StockReserve {
        order_id: OrderId::from("ord_17"),
    };
    scope
        .run_async(operation.run(head))
        .await
        .expect("a response");
    scope
        .recorded()
        .operation::<clients::StockReserve>()
        .once()
        .with(HttpRequestMethod::Head)
        .with(HttpResponseBodySize::from(0));
}

#[tokio::test]
async fn a_request_that_outlives_its_operation_sets_nothing() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let mut client = filling();
    let client = client.ready().await.expect("a client");
    let _scope = scope.attach();
    let operation = clients::StockReserve {
        order_id: OrderId::from("ord_17"),
    };
    let active = operation.start();
    let sent = active.in_context(|| client.call(request(&server.url("ok"))));
    active.succeed();
    assert_eq!(sent.await.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockReserve>()
        .once()
        .with(HttpRequestMethod::Post)
        .without::<HttpResponseStatusCode>();
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn the_layer_does_not_change_the_response() {
    let server = Server::start().await;
    let mut client = ServiceBuilder::new()
        .layer(clients::client_layer())
        .service(hyper());
    let request = request(&server.url("ok"));
    let response = client.ready().await.expect("a client").call(request).await;
    let response = response.expect("a response");
    assert_eq!(response.headers()[header::CONTENT_LENGTH], "8");
    let body = response.into_body().collect().await.expect("a body");
    assert_eq!(body.to_bytes(), "reserved");
}
