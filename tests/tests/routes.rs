//! Routes of operations: the generated tables, and the rules of `assert_contract` for requests that are rejected.

#![allow(missing_docs)]

use opentelemetry::trace::{SpanBuilder, SpanKind, Status};
use opentelemetry::{InstrumentationScope, Value};
use otel_contract::__private::Operation;
use otel_contract::description::Route;
use otel_contract::testing;
use otel_contract_tests::raw::Raw;
use test_vocabulary::requests::{self, CONTRACT, OrderPay, OrderPrint, RequestUnmatched};

const PAY: [Route; 2] = [
    Route {
        method: Some("POST"),
        path: "/orders/{order_id}/pay",
    },
    Route {
        method: None,
        path: "/pay/{*rest}",
    },
];
const UNMATCHED: [Route; 1] = [Route {
    method: None,
    path: "_OTHER",
}];

#[test]
fn the_generated_tables_have_the_routes() {
    assert_eq!(OrderPay::definition().routes, PAY);
    assert_eq!(OrderPrint::definition().routes, []);
    assert_eq!(RequestUnmatched::definition().routes, UNMATCHED);
    let described = |name| CONTRACT.operation(name).expect("the operation").routes;
    assert_eq!(described("order.pay"), PAY);
    assert_eq!(described("order.print"), []);
    assert_eq!(described("request.unmatched"), UNMATCHED);
}

#[test]
fn personal_attributes_are_marked_as_protected() {
    let attributes = OrderPay::definition().attributes.iter();
    let protected: Vec<&str> = attributes
        .filter(|attribute| attribute.protected)
        .map(|attribute| attribute.key)
        .collect();
    assert_eq!(protected, ["client.address"]);
}

#[test]
fn an_attribute_of_the_handler_may_be_absent_in_the_metrics() {
    let operation = CONTRACT.operation("order.pay").expect("the operation");
    let required: Vec<(&str, bool)> = operation.metrics[0]
        .dimensions
        .iter()
        .map(|dimension| (dimension.key, dimension.required))
        .collect();
    assert_eq!(
        required,
        [
            ("http.request.method", true),
            ("http.route", true),
            ("account.tier", false)
        ]
    );
}

fn raw() -> Raw {
    Raw {
        kit: testing::scope(),
        scope: InstrumentationScope::builder("requests")
            .with_version("0.1.0")
            .build(),
    }
}

/// Records a server span, and returns the violations of the contract.
fn violations(
    name: &'static str,
    attributes: &[(&'static str, Value)],
    status: Status,
) -> Vec<String> {
    let raw = raw();
    let server = SpanBuilder::from_name(name).with_kind(SpanKind::Server);
    raw.build(server, attributes, status);
    raw.violation_lines(&requests::CONTRACT)
}

/// Attributes that a server layer sets.
fn of_layer() -> Vec<(&'static str, Value)> {
    vec![
        ("http.request.method", "POST".into()),
        ("http.route", "/orders/{order_id}/pay".into()),
    ]
}

#[test]
fn a_rejected_request_lacks_the_attributes_of_its_handler() {
    for status_code in [400, 422, 500, 599] {
        let mut attributes = of_layer();
        attributes.push(("http.response.status_code", status_code.into()));
        assert_eq!(violations("order.pay", &attributes, Status::Unset), [""; 0]);
    }
    let mut attributes = of_layer();
    attributes.push(("error.type", "_OTHER".into()));
    assert_eq!(
        violations("order.pay", &attributes, Status::error("")),
        [""; 0]
    );
}

#[test]
fn an_answered_request_has_the_attributes_of_its_handler() {
    let missing = [
        "span `order.pay`: `account.tier` is required but not recorded",
        "span `order.pay`: `invoice.id` is required on success but not recorded",
        "span `order.pay`: `order.id` is required but not recorded",
    ];
    assert_eq!(violations("order.pay", &of_layer(), Status::Unset), missing);
    for status_code in [200, 302, 399] {
        let mut attributes = of_layer();
        attributes.push(("http.response.status_code", status_code.into()));
        assert_eq!(violations("order.pay", &attributes, Status::Unset), missing);
    }
}

#[test]
fn a_rejected_request_has_the_attributes_of_the_layer() {
    let rejected = [("http.response.status_code", 422.into())];
    let lines = [
        "span `order.pay`: `http.request.method` is required but not recorded",
        "span `order.pay`: `http.route` is required but not recorded",
    ];
    assert_eq!(violations("order.pay", &rejected, Status::Unset), lines);
    let not_found = [("http.response.status_code", 404.into())];
    let lines = [
        "span `request.unmatched`: `http.request.method` is required but not recorded",
        "span `request.unmatched`: `http.route` is required but not recorded",
        "span `request.unmatched`: `url.path` is required but not recorded",
    ];
    assert_eq!(
        violations("request.unmatched", &not_found, Status::Unset),
        lines
    );
}

#[test]
fn a_failed_operation_without_a_route_has_its_attributes() {
    let lines = ["span `order.print`: `order.id` is required but not recorded"];
    let failed = [("http.response.status_code", 500.into())];
    assert_eq!(violations("order.print", &failed, Status::Unset), lines);
    let failed = [("error.type", "payment_declined".into())];
    assert_eq!(violations("order.print", &failed, Status::error("")), lines);
}
