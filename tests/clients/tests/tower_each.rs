//! Clients of hyper behind a layer that makes each request an operation, over real connections.

mod support;

use axum::http::{Request, Response, StatusCode};
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::Status;
use std::future::{Ready, ready};
use std::time::Duration;
use support::Server;
use support::hyper::{
    Body, BoxError, HttpClient, boxed, each, filling, hyper, request, reserve, send,
};
use test_clients::clients::{
    self, ErrorType, HttpRequestMethod, HttpRequestResendCount, HttpResponseStatusCode, OrderId,
    RetryAttempt, ServerAddress, ServerPort, UrlScheme, UrlTemplate, UserEmail, edge,
};
use tower::retry::Policy;
use tower::{ServiceBuilder, ServiceExt as _, service_fn};

#[tokio::test]
async fn each_request_is_an_operation_that_fails_with_4xx_and_5xx() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    for path in ["ok", "missing", "broken"] {
        let _ = scope.run_async(send(&each(), &server.url(path))).await;
    }
    let recorded = scope.recorded();
    let of = |status| {
        recorded
            .operation::<clients::StockRequest>()
            .having(HttpResponseStatusCode::saturating(status))
            .once()
            .with(HttpRequestMethod::Post)
            .with(ServerAddress::capped("127.0.0.1"))
            .with(ServerPort::saturating(server.port().into()))
            .with(UrlScheme::capped("http"))
    };
    of(200).succeeded().without::<HttpRequestResendCount>();
    for status in [404, 503] {
        let failed = of(status).failed(ErrorType::Other);
        assert_eq!(failed.span().status, Status::error(""));
    }
    let parents: Vec<_> = [200, 404, 503]
        .map(|status| of(status).span().span_id)
        .into();
    assert_eq!(server.parents(), parents);
    let durations = recorded.duration::<clients::StockRequest>();
    durations
        .having(HttpRequestMethod::Post)
        .failed(ErrorType::Other)
        .count(2);
    recorded.active::<clients::StockRequest>().sum(0);
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn a_refused_connection_is_an_error_without_a_status_code() {
    let scope = clients::testing::scope();
    let sent = scope
        .run_async(send(&each(), &Server::closed().await))
        .await;
    assert!(sent.is_err());
    scope
        .recorded()
        .operation::<clients::StockRequest>()
        .once()
        .failed(ErrorType::Other)
        .without::<HttpResponseStatusCode>();
}

#[tokio::test]
async fn a_panic_of_the_client_is_recorded() {
    async fn panics(_: Request<Body>) -> Result<Response<Body>, BoxError> {
        panic!("the client panics")
    }
    let layer = clients::client_layer().each::<clients::StockRequest>();
    let client = boxed(
        ServiceBuilder::new()
            .layer(layer)
            .service(service_fn(panics)),
    );
    let scope = clients::testing::scope();
    let sent = tokio::spawn(scope.run_async(client.oneshot(request("http://stock/"))));
    assert!(sent.await.is_err_and(|error| error.is_panic()));
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockRequest>()
        .once()
        .panicked();
    recorded.active::<clients::StockRequest>().sum(0);
}

#[tokio::test]
async fn a_request_that_times_out_is_cancelled() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let (filling, each, url) = (filling(), each(), [server.url("slow")]);
    let limit = Duration::from_millis(100);
    let sent = tokio::time::timeout(limit, scope.run_async(send(&each, &url[0]))).await;
    assert!(sent.is_err());
    let reserved = tokio::time::timeout(limit, scope.run_async(reserve(&filling, &url))).await;
    assert!(reserved.is_err());
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockRequest>()
        .once()
        .cancelled()
        .without::<HttpResponseStatusCode>();
    recorded.active::<clients::StockRequest>().sum(0);
    recorded
        .operation::<clients::StockReserve>()
        .once()
        .cancelled()
        .with(ServerAddress::capped("127.0.0.1"));
}

#[tokio::test]
async fn extensions_of_the_request_add_typed_attributes_and_replace_values_of_the_layer() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let mut request = request(&server.url("ok/17"));
    let extensions = request.extensions_mut();
    extensions.insert(edge::client::UrlTemplate("/ok/{id}"));
    extensions.insert(OrderId::from("ord_18"));
    extensions.insert(UserEmail::from("ada@example.com"));
    extensions.insert(ServerAddress::capped("stock"));
    extensions.insert(HttpResponseStatusCode::saturating(299));
    scope
        .run_async(each().oneshot(request))
        .await
        .expect("a response");
    let recorded = scope.recorded();
    let sent = recorded.operation::<clients::StockRequest>().once();
    let redacted = AnyValue::from("[redacted]");
    assert_eq!(sent.span().attribute("user.email"), Some(&redacted));
    let attributes = sent.span().attributes.iter();
    let status = attributes.filter(|(key, _)| key.as_str() == "http.response.status_code");
    let status: Vec<_> = status.map(|(_, value)| value.clone()).collect();
    assert_eq!(status, [AnyValue::from(200)]);
    sent.with(UrlTemplate::capped("/ok/{id}"))
        .with(OrderId::from("ord_18"))
        .with(ServerAddress::capped("stock"));
}

/// Retries twice after a status of 5xx.
#[derive(Clone)]
struct TwoRetries(u32);

impl<R, E> Policy<Request<Body>, Response<R>, E> for TwoRetries {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Body>,
        result: &mut Result<Response<R>, E>,
    ) -> Option<Ready<()>> {
        let response = result.as_ref().ok()?;
        let retries = response.status().is_server_error() && self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        retries.then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        Some(request.clone())
    }
}

fn retrying() -> HttpClient {
    let client = ServiceBuilder::new()
        .layer(edge::client::CountTries)
        .retry(TwoRetries(2))
        .layer(clients::client_layer().each::<clients::StockRequest>())
        .service(hyper());
    boxed(client)
}

fn retrying_without_count() -> HttpClient {
    let client = ServiceBuilder::new()
        .retry(TwoRetries(2))
        .layer(clients::client_layer().each::<clients::StockRequest>())
        .service(hyper());
    boxed(client)
}

#[tokio::test]
async fn each_try_inside_of_a_retry_layer_is_an_operation_with_its_number() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let client = retrying();
    let reserved = scope
        .run_async(reserve(&client, &[server.url("flaky")]))
        .await;
    assert_eq!(reserved.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    let mut tries = Vec::new();
    recorded
        .operation::<clients::StockRequest>()
        .times(3)
        .each(|sent| {
            let sent = sent.child_of::<clients::StockReserve>();
            let resent = sent.get::<HttpRequestResendCount>().cloned();
            let attempt = sent.get::<RetryAttempt>().cloned();
            tries.push((sent.span().span_id, attempt, resent));
        });
    let number = |number: i64| Some(AnyValue::from(number));
    let numbers: Vec<_> = tries
        .iter()
        .map(|(_, attempt, resent)| (attempt, resent))
        .collect();
    let expected = [
        (number(0), None),
        (number(1), number(1)),
        (number(2), number(2)),
    ];
    assert_eq!(
        numbers,
        expected.iter().map(|(a, r)| (a, r)).collect::<Vec<_>>()
    );
    assert_eq!(
        server.parents(),
        tries.iter().map(|(id, ..)| *id).collect::<Vec<_>>()
    );
    let durations = recorded.duration::<clients::StockRequest>();
    durations
        .having(RetryAttempt::saturating(2))
        .succeeded()
        .count(1);
    // The tries have set nothing on the operation around them.
    let reserved = recorded.operation::<clients::StockReserve>().once();
    reserved.succeeded().without::<HttpResponseStatusCode>();
}

#[tokio::test]
async fn tries_that_nobody_counts_have_no_number() {
    let server = Server::start().await;
    let scope = clients::testing::scope();
    let sent = scope
        .run_async(send(&retrying_without_count(), &server.url("flaky")))
        .await;
    assert_eq!(sent.ok(), Some(StatusCode::OK));
    let recorded = scope.recorded();
    recorded
        .operation::<clients::StockRequest>()
        .times(3)
        .each(|sent| {
            let sent = sent.without::<HttpRequestResendCount>();
            drop(sent.without::<RetryAttempt>());
        });
}
