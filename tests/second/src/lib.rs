//! A service whose only dependency is the vocabulary crate: it uses every macro, and does not name `otel_contract`.

use test_vocabulary::billing::{
    self, AccountId, AttributeValue, Attributes, ErrorClass, InvoiceCreate, OrderId,
    instrumented_operation,
};

/// Recipient of the invoice.
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

/// Plan of the customer.
#[derive(Clone, Copy, Debug, AttributeValue)]
#[attribute_value(billing::AccountTier)]
pub enum Tier {
    /// Free plan.
    Free,
    /// Monthly plan.
    Pro,
    /// Plan with a contract.
    Enterprise,
}

/// Reason why there is no invoice.
#[derive(Debug, ErrorClass)]
#[error_class(billing)]
pub enum Failure {
    /// The order does not exist.
    #[error_class(order_not_found)]
    NoOrder,
    /// The gateway did not respond in time.
    #[error_class(gateway_timeout)]
    Slow,
}

/// Creates an invoice, with the operation named by its path.
///
/// # Errors
///
/// If the order starts with `x`.
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
