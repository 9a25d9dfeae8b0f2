//! What the layers of all frameworks record, for servers with the routes of the contract.

use super::{Server, request};
use opentelemetry::trace::Status;
use test_edges::edges::{
    self, AccountTier, ErrorType, HttpRequestMethod, HttpResponseStatusCode, HttpRoute, OrderId,
    ServerAddress, UrlScheme,
};

pub(crate) async fn a_handler_adds_its_attributes(server: &Server) {
    let response = server
        .send(&request("GET", "/orders/17?secret=1").with(
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\
             baggage: account.tier=pro,user.email=ada%40example.com\r\n\
             user-agent: test/1",
        ))
        .await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body, "order 17");
    let recorded = server.recorded(1).await;
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

/// `status`: of the response to a body that is no order.
pub(crate) async fn a_rejected_request_lacks_the_attributes_of_the_handler(
    server: &Server,
    status: u16,
) {
    let response = server
        .send(
            &request("POST", "/orders")
                .with("content-type: application/json")
                .body("{\"lines\": 3}"),
        )
        .await;
    assert_eq!(response.status, status);
    let recorded = server.recorded(1).await;
    let created = recorded.operation::<edges::OrderCreate>().once();
    assert_eq!(created.span().status, Status::Unset);
    assert_eq!(created.get::<edges::OrderLines>(), None);
    created
        .succeeded()
        .with(HttpResponseStatusCode::saturating(status.into()))
        .with(edges::HttpRequestBodySize::from(12));
    recorded
        .duration::<edges::OrderCreate>()
        .having(HttpResponseStatusCode::saturating(status.into()))
        .succeeded()
        .count(1);
    recorded.assert_contract(&edges::CONTRACT);
}

pub(crate) async fn a_failure_of_4xx_keeps_its_class(server: &Server) {
    let response = server.send(&request("GET", "/orders/missing")).await;
    assert_eq!(response.status, 404);
    let recorded = server.recorded(1).await;
    let shown = recorded.operation::<edges::OrderShow>().once();
    assert_eq!(shown.span().status, Status::Unset);
    shown.failed(ErrorType::OrderNotFound);
    recorded
        .duration::<edges::OrderShow>()
        .failed(ErrorType::OrderNotFound)
        .count(1);
    recorded.assert_contract(&edges::CONTRACT);
}

pub(crate) async fn a_failure_of_5xx_has_the_class_of_the_handler(server: &Server) {
    let response = server.send(&request("GET", "/orders/broken")).await;
    assert_eq!(response.status, 500);
    let recorded = server.recorded(1).await;
    let shown = recorded.operation::<edges::OrderShow>().once();
    assert!(matches!(shown.span().status, Status::Error { .. }));
    shown
        .failed(ErrorType::StoreFailed)
        .with(HttpResponseStatusCode::saturating(500));
}

/// The handler of `/orders/{order_id}` is not annotated, and responds with 503.
pub(crate) async fn a_response_of_5xx_is_the_class_other(server: &Server) {
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 503);
    let recorded = server.recorded(1).await;
    let shown = recorded.operation::<edges::OrderShow>().once();
    assert!(matches!(shown.span().status, Status::Error { .. }));
    shown
        .failed(ErrorType::Other)
        .with(HttpResponseStatusCode::saturating(503));
}

/// The handler of this path panics, and the server closes the connection.
pub(crate) async fn a_panic_is_recorded(server: &Server, path: &str) {
    assert_eq!(server.send(&request("GET", path)).await.status, 0);
    let recorded = server.recorded(1).await;
    let shown = recorded.operation::<edges::OrderShow>().once().panicked();
    shown.without::<HttpResponseStatusCode>();
    recorded.active::<edges::OrderShow>().sum(0);
}

/// The server responds with 504 after less than a minute.
pub(crate) async fn a_timeout_cancels_the_handler(server: &Server) {
    assert_eq!(
        server.send(&request("GET", "/orders/slow")).await.status,
        504
    );
    let recorded = server.recorded(1).await;
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .cancelled()
        .with(HttpResponseStatusCode::saturating(504));
    recorded.operation::<edges::OrderRead>().once().cancelled();
}

pub(crate) async fn a_client_that_goes_away_cancels_the_operation(server: &Server) {
    server.send_and_leave(&request("GET", "/orders/slow")).await;
    let recorded = server.recorded(1).await;
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .cancelled()
        .without::<HttpResponseStatusCode>();
    recorded.active::<edges::OrderShow>().sum(0);
}

/// `/export` sends three parts, 30 ms apart.
pub(crate) async fn a_stream_ends_the_operation_with_its_last_byte(server: &Server) {
    let response = server.send(&request("GET", "/export")).await;
    assert_eq!(response.body.matches("part").count(), 3);
    let recorded = server.recorded(1).await;
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
    recorded.active::<edges::OrderExport>().sum(0);
}

/// The fourth part of `/export` fails.
pub(crate) async fn a_stream_that_fails_is_no_success(server: &Server) {
    server.send(&request("GET", "/export")).await;
    let recorded = server.recorded(1).await;
    let exported = recorded.operation::<edges::OrderExport>().once();
    assert!(matches!(exported.span().status, Status::Error { .. }));
    exported
        .failed(ErrorType::Other)
        .with(HttpResponseStatusCode::saturating(200));
}

/// `/export` takes minutes.
pub(crate) async fn a_stream_that_is_left_is_no_success(server: &Server) {
    server.send_and_leave(&request("GET", "/export")).await;
    let recorded = server.recorded(1).await;
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .cancelled()
        .with(HttpResponseStatusCode::saturating(200));
}

/// A handler of `/orders/{order_id}` that also answers `HEAD`, and a handler of `/export` that responds with 204.
pub(crate) async fn a_response_without_a_body_ends_the_operation(server: &Server) {
    let response = server.send(&request("HEAD", "/orders/17")).await;
    assert_eq!((response.status, &*response.body), (200, ""));
    assert_eq!(server.send(&request("GET", "/export")).await.status, 204);
    let recorded = server.recorded(2).await;
    recorded
        .operation::<edges::OrderShow>()
        .once()
        .succeeded()
        .with(HttpRequestMethod::Head)
        .with(edges::HttpResponseBodySize::from(0));
    recorded
        .operation::<edges::OrderExport>()
        .once()
        .succeeded()
        .with(edges::HttpResponseBodySize::from(0));
}

pub(crate) async fn a_request_without_a_route_is_the_operation_of_all_others(server: &Server) {
    let unknown = server.send(&request("GET", "/nobody@example.com")).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(server.send(&request("BREW", "/coffee")).await.status, 404);
    let recorded = server.recorded(2).await;
    let unmatched = recorded.operation::<edges::EdgesUnmatched>().times(2);
    unmatched.each(|unmatched| {
        unmatched
            .with(HttpRoute::capped("_OTHER"))
            .with(HttpResponseStatusCode::saturating(404));
    });
    for method in [HttpRequestMethod::Get, HttpRequestMethod::Other] {
        let unmatched = recorded.operation::<edges::EdgesUnmatched>();
        drop(unmatched.having(method).once());
    }
}

pub(crate) async fn a_route_outside_of_the_contract_works(server: &Server) {
    let response = server.send(&request("GET", "/export/endless")).await;
    assert_eq!(
        (response.status, &*response.body),
        (200, "not in the contract")
    );
    server
        .recorded(1)
        .await
        .operation::<edges::EdgesUnmatched>()
        .once()
        .succeeded()
        .with(HttpRoute::capped("_OTHER"));
}

/// The handler of `/orders/{order_id}` calls an annotated function of the same operation for order 1, then for order 2.
pub(crate) async fn the_second_annotated_function_is_a_child(server: &Server) {
    assert_eq!(server.send(&request("GET", "/orders/17")).await.status, 200);
    let recorded = server.recorded(2).await;
    let of = |id: &str| {
        recorded
            .operation::<edges::OrderShow>()
            .having(OrderId::from(id))
            .once()
    };
    of("2").child_of::<edges::OrderShow>();
    of("1").with(HttpResponseStatusCode::saturating(200));
}
