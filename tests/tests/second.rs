//! A service crate that depends only on the vocabulary crate is traced like any other crate.

use otel_contract_tests::{assert_failed, assert_succeeded, block_on, record};
use test_second::{Customer, create, create_later};
use test_vocabulary::billing::OrderId;

const ACCOUNT: [(&str, &str); 2] = [("account.id", "acc"), ("account.tier", "pro")];

#[test]
fn operations_of_a_crate_that_depends_only_on_the_vocabulary_are_exported() {
    let order = OrderId::new("o1");
    let (result, spans) = record(|| create(&order, &Customer::paying("acc")));
    assert_eq!(result.ok().as_deref(), Some("inv_o1"));
    let expected = [
        &ACCOUNT[..],
        &[("order.id", "o1"), ("invoice.id", "inv_o1")],
    ]
    .concat();
    assert_succeeded(&spans, "invoice.create", &expected);
    let scope = &spans[0].instrumentation_scope;
    assert_eq!((scope.name(), scope.version()), ("billing", Some("1.2.0")));
    assert_eq!(
        scope.schema_url(),
        Some("https://telemetry.acme.example/schemas/billing/1.2.0")
    );

    let (result, spans) = record(|| block_on(create_later(order, Customer::paying("acc"))));
    assert!(result.is_err());
    let expected = [&ACCOUNT[..], &[("order.id", "o1"), ("retry.attempt", "5")]].concat();
    assert_failed(&spans, "invoice.create", "gateway_timeout", &expected);
}
