//! A client of reqwest behind the middleware of its contract, over real connections.

mod support;

use http::Extensions;
use reqwest_middleware::reqwest::{Client, Request, Response, StatusCode};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, Result};
use std::time::Duration;
use support::Server;
use test_clients::clients::{
    self, AccountTier, Baggage, ErrorType, HttpRequestBodySize, HttpRequestMethod,
    HttpRequestResendCount, HttpResponseBodySize, HttpResponseStatusCode, NetworkProtocolName,
    NetworkProtocolVersion, OrderId, RetryAttempt, ServerAddress, ServerPort, UrlScheme,
    UrlTemplate, edge, instrumented_operation,
};

fn filling() -> ClientWithMiddleware {
    let client = ClientBuilder::new(Client::new());
    client.with(clients::reqwest_middleware()).build()
}

fn each() -> ClientWithMiddleware {
    let middleware = clients::reqwest_middleware().each::<clients::StockRequest>();
    ClientBuilder::new(Client::new()).with(middleware).build()
}

async fn send(client: &ClientWithMiddleware, url: &str) -> Result<StatusCode> {
    let response = client.post(url).body("ord_17").send().await?;
    Ok(response.status())
}

#[instrumented_operation(
    clients::StockReserve,
    order.id = "ord_17",
    err(|_| ErrorType::StockFailed),
)]
async fn reserve(client: &ClientWithMiddleware, urls: &[String]) -> Result<StatusCode> {
    let mut last = StatusCode::OK;
    for url in urls {
        last = send(client, url).await?;
    }
    Ok(last)
}

#[tokio::test]
async fn a_request_sets_the_attributes_of_the_operation_that_sends_it() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let reserved = reserve(&filling(), &[server.url("ok?secret=1")]).await;
    assert_eq!(
        reserved.ok(),
        Some(StatusCode::OK),
        "also without telemetry"
    );
    let client = filling();
    let urls = [server.url("broken"), server.url("ok?secret=1")];
    let reserved = scope.run_async(reserve(&client, &urls)).await;
    assert_eq!(reserved.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    assert_eq!(recorded.spans.len(), 1);
    let reserved = recorded.operation::<clients::StockReserve>().once();
    assert_eq!(server.parents()[1..], [reserved.span().span_id; 2]);
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
        .with(HttpRequestResendCount::from(1))
        .without::<NetworkProtocolName>()
        .without::<UrlTemplate>();
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn without_an_operation_around_it_a_request_is_not_recorded() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let sent = scope.run_async(send(&filling(), &server.url("ok"))).await;
    assert_eq!(sent.ok(), Some(StatusCode::OK));
    assert!(scope.recorded().spans.is_empty());
}

#[tokio::test]
async fn each_request_is_an_operation_that_fails_with_4xx_and_5xx() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let send_all = async {
        let _baggage = Baggage::new().account_tier(AccountTier::Pro);
        for path in ["ok", "missing", "broken"] {
            send(&each(), &server.url(path)).await.expect("a response");
        }
        send(&each(), &Server::closed().await)
            .await
            .expect_err("nothing listens");
    };
    scope.run_async(send_all).await;
    let recorded = scope.recorded();
    let of = |status| {
        recorded
            .operation::<clients::StockRequest>()
            .having(HttpResponseStatusCode::saturating(status))
            .once()
            .with(HttpRequestMethod::Post)
            .with(ServerPort::saturating(server.port().into()))
            .with(RetryAttempt::saturating(0))
            .without::<HttpRequestResendCount>()
    };
    of(200).succeeded();
    of(404).failed(ErrorType::Other);
    of(503).failed(ErrorType::Other);
    let parents: Vec<_> = [200, 404, 503]
        .map(|status| of(status).span().span_id)
        .into();
    assert_eq!(server.parents(), parents);
    let durations = recorded.duration::<clients::StockRequest>();
    durations
        .having(HttpRequestMethod::Post)
        .failed(ErrorType::Other)
        .count(3);
    recorded.active::<clients::StockRequest>().sum(0);
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn the_headers_are_those_of_the_operation_with_the_listed_baggage() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let client = each();
    let request = client
        .get(server.url("ok"))
        .header("baggage", "user.email=ada%40example.com")
        .header(
            "traceparent",
            "00-11111111111111111111111111111111-2222222222222222-01",
        )
        .header("tracestate", "vendor=1");
    let _scope = scope.attach();
    let _baggage = Baggage::new().account_tier(AccountTier::Pro).attach();
    request.send().await.expect("a response");
    let recorded = scope.recorded();
    let sent = recorded.operation::<clients::StockRequest>().once();
    assert_eq!(server.parents(), [sent.span().span_id]);
    assert_eq!(server.header("baggage"), ["account.tier=pro"]);
    assert_eq!(server.header("tracestate"), [""]);
    sent.with(HttpRequestMethod::Get);
}

#[tokio::test]
async fn redirects_are_followed_within_one_operation() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let sent = scope.run_async(send(&each(), &server.url("moved"))).await;
    assert_eq!(sent.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    let sent = recorded.operation::<clients::StockRequest>().once();
    assert_eq!(server.parents(), [sent.span().span_id; 2]);
    sent.succeeded()
        .with(HttpResponseStatusCode::saturating(200))
        .without::<HttpRequestResendCount>();
}

#[tokio::test]
async fn a_timeout_of_the_client_is_an_error_and_a_dropped_request_is_cancelled() {
    let server = Server::start().await;
    let (client, url) = (each(), server.url("slow"));
    let limit = Duration::from_millis(100);
    let scope = clients::testing::scope();
    let timed_out = scope
        .run_async(client.get(&url).timeout(limit).send())
        .await;
    assert!(timed_out.expect_err("a time-out").is_timeout());
    scope
        .recorded()
        .operation::<clients::StockRequest>()
        .once()
        .failed(ErrorType::Other)
        .without::<HttpResponseStatusCode>();

    let scope = clients::testing::scope();
    let dropped = tokio::time::timeout(limit, scope.run_async(send(&client, &url))).await;
    assert!(dropped.is_err());
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockRequest>()
        .once()
        .cancelled();
    recorded.active::<clients::StockRequest>().sum(0);
}

/// Retries a request twice after a status of 5xx, as `reqwest-retry` does.
struct TwoRetries;

#[async_trait::async_trait]
impl Middleware for TwoRetries {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        for _ in 0..2 {
            let again = request.try_clone().expect("a body in memory");
            let response = next.clone().run(again, extensions).await?;
            if !response.status().is_server_error() {
                return Ok(response);
            }
        }
        next.run(request, extensions).await
    }
}

#[tokio::test]
async fn each_try_inside_of_a_retry_middleware_is_an_operation_with_its_number() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let client = ClientBuilder::new(Client::new())
        .with(TwoRetries)
        .with(clients::reqwest_middleware().each::<clients::StockRequest>())
        .build();
    let request = client
        .get(server.url("flaky"))
        .with_extension(OrderId::from("ord_18"))
        .with_extension(edge::client::UrlTemplate("/flaky"));
    let response = scope.run_async(request.send()).await.expect("a response");
    assert_eq!(response.status(), StatusCode::OK);
    let recorded = scope.recorded();
    let of = |number: u32| {
        recorded
            .operation::<clients::StockRequest>()
            .having(RetryAttempt::saturating(number.into()))
            .once()
            .with(OrderId::from("ord_18"))
            .with(UrlTemplate::capped("/flaky"))
    };
    of(0)
        .failed(ErrorType::Other)
        .without::<HttpRequestResendCount>();
    of(1)
        .failed(ErrorType::Other)
        .with(HttpRequestResendCount::from(1));
    of(2).succeeded().with(HttpRequestResendCount::from(2));
}
