//! A service with the vocabulary crate as its only dependency: every macro, and nothing of
//! `otel_contract` by name.

use test_vocabulary::billing::{
    self, AccountId, AttributeValue, Attributes, ErrorClass, InvoiceCreate, OrderId,
    instrumented_operation,
};

/// Whom the invoice is for.
#[derive(Debug, Attributes)]
#[attributes(billing::Account)]
pub struct Customer {
    #[attribute(account.id)]
    id: AccountId,
    #[attribute(account.tier)]
    tier: Tier,
}

impl Customer {
    /// A customer on the paid plan.
    #[must_use]
    pub fn paying(id: &str) -> Self {
        Self {
            id: id.into(),
            tier: Tier::Pro,
        }
    }
}

/// What the customer pays for.
#[derive(Clone, Copy, Debug, AttributeValue)]
#[attribute_value(billing::AccountTier)]
pub enum Tier {
    /// Nothing.
    Free,
    /// A month.
    Pro,
    /// A contract.
    Enterprise,
}

/// Why there is no invoice.
#[derive(Debug, ErrorClass)]
#[error_class(billing)]
pub enum Failure {
    /// There is no such order.
    #[error_class(order_not_found)]
    NoOrder,
    /// The gateway was slow.
    #[error_class(gateway_timeout)]
    Slow,
}

/// Creates an invoice, named by its path.
///
/// # Errors
///
/// For orders that start with `x`.
#[instrumented_operation(billing::InvoiceCreate, order.id, ..account = customer, ok(|id| invoice.id = id))]
pub fn create(order_id: &OrderId, customer: &Customer) -> Result<String, Failure> {
    if order_id.as_str().starts_with('x') {
        return Err(Failure::NoOrder);
    }
    Ok(format!("inv_{order_id}"))
}

/// Creates an invoice, with the operation imported by its name.
///
/// # Errors
///
/// Always.
#[instrumented_operation(InvoiceCreate as op, order.id, ..account = customer, ok(|id| invoice.id = id))]
pub async fn create_later(order_id: OrderId, customer: Customer) -> Result<String, Failure> {
    std::future::ready(()).await;
    op.retry_attempt(billing::RetryAttempt::saturating(9));
    Err(Failure::Slow)
}
