//! A service under contract `billing` that uses the main forms together: shorthand, group, `ok`, setters and derives.

#![allow(missing_docs)]

use otel_contract_tests::{assert_failed, assert_succeeded, block_on, record};
use test_vocabulary as acme_telemetry;

use acme_telemetry::billing;
use acme_telemetry::billing::{
    AccountId, AttributeValue, Attributes, ErrorClass, OrderId, RetryAttempt,
    instrumented_operation,
};

#[instrumented_operation(
    billing::InvoiceCreate as op,
    order.id,                                            // shorthand for `order.id = order_id`
    ..account = &account,                                // a whole group, filled by a struct
    ok(|invoice| invoice.id = &invoice.id),
)]
pub async fn create_invoice(
    order_id: &OrderId,
    account: AccountContext,
) -> Result<Invoice, BillingError> {
    let mut attempt = RetryAttempt::MIN;
    loop {
        op.retry_attempt(attempt); // typed setters exist only for this operation's attributes
        match gateway(order_id, &account, attempt).await {
            Err(BillingError::Timeout) => attempt = RetryAttempt::saturating(attempt.as_i64() + 1),
            other => return other,
        }
    }
}

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(billing)]
pub enum BillingError {
    #[error("no such order")]
    #[error_class(order_not_found)]
    NotFound,
    #[error("timed out")]
    #[error_class(gateway_timeout)]
    Timeout,
    #[error(transparent)]
    #[error_class(transparent)]
    Gateway(#[from] GatewayError),
}

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("the gateway gave up")]
#[error_class(billing, gateway_timeout)] // a struct has one class
pub struct GatewayError;

#[derive(Attributes)] // fills the group in every operation that has the group
#[attributes(billing::Account)]
pub struct AccountContext {
    #[attribute(account.id)]
    id: AccountId,
    #[attribute(account.tier)]
    tier: Tier,
}

#[derive(Clone, Copy, AttributeValue)] // a domain enum is checked against the contract's values
#[attribute_value(billing::AccountTier)]
pub enum Tier {
    Free,
    Pro,
    Enterprise,
}

pub struct Invoice {
    pub id: String,
}

async fn gateway(
    order: &OrderId,
    account: &AccountContext,
    attempt: RetryAttempt,
) -> Result<Invoice, BillingError> {
    std::future::ready(()).await;
    match (account.tier, attempt.as_i64()) {
        (Tier::Free, _) => Err(BillingError::NotFound),
        (Tier::Pro, 0) => Err(BillingError::Timeout),
        (Tier::Pro, _) => Ok(Invoice {
            id: format!("inv_{order}"),
        }),
        (Tier::Enterprise, _) => Err(GatewayError.into()),
    }
}

#[test]
fn spans_have_the_attributes_of_all_forms_and_the_error_class() {
    let order = OrderId::new("ord_8Zk2");
    let run = |tier| {
        let account = AccountContext {
            id: "acc_1".into(),
            tier,
        };
        record(|| block_on(create_invoice(&order, account)))
    };
    let common = [("order.id", "ord_8Zk2"), ("account.id", "acc_1")];
    let (result, spans) = run(Tier::Pro);
    assert_eq!(result.expect("an invoice").id, "inv_ord_8Zk2");
    let more = [
        ("account.tier", "pro"),
        ("retry.attempt", "1"),
        ("invoice.id", "inv_ord_8Zk2"),
    ];
    assert_succeeded(&spans, "invoice.create", &[&common[..], &more].concat());
    let (_, spans) = run(Tier::Free);
    let more = [("account.tier", "free"), ("retry.attempt", "0")];
    assert_failed(
        &spans,
        "invoice.create",
        "order_not_found",
        &[&common[..], &more].concat(),
    );
    let (_, spans) = run(Tier::Enterprise);
    let more = [("account.tier", "enterprise"), ("retry.attempt", "0")];
    assert_failed(
        &spans,
        "invoice.create",
        "gateway_timeout",
        &[&common[..], &more].concat(),
    );
}

#[test]
fn the_struct_of_an_operation_is_usable_without_the_attribute() {
    let account = billing::Account {
        account_id: "acc_1".into(),
        account_tier: billing::AccountTier::Pro,
    };
    let operation = billing::InvoiceCreate {
        order_id: OrderId::new("o"),
        account,
    };
    let (result, spans) = record(|| {
        let body = async { Err::<(), _>(BillingError::NotFound) };
        block_on(operation.retry_attempt(RetryAttempt::MAX).run(body))
    });
    assert!(result.is_err());
    let expected = [
        ("order.id", "o"),
        ("account.id", "acc_1"),
        ("account.tier", "pro"),
        ("retry.attempt", "5"),
    ];
    assert_failed(&spans, "invoice.create", "order_not_found", &expected);
}
