//! Domain types of the checkout. The types that telemetry records are checked against the contract.

use checkout_telemetry::checkout::{
    self, AccountId, AccountTier, Attributes, JobType, OrderId, TraceContext,
};
use serde::{Deserialize, Serialize};

/// An unpaid order.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub account: Account,
    pub customer_email: String,
    pub amount_cents: i64,
    /// Token of a card. Its name selects the behavior of the simulated gateway.
    pub card_token: String,
}

/// Account of an order, with the attributes of group `account` in the contract.
#[derive(Clone, Debug, Attributes)]
#[attributes(checkout::Account)]
pub struct Account {
    #[attribute(account.id)]
    pub id: AccountId,
    #[attribute(account.tier)]
    pub tier: AccountTier,
}

/// Request to the gateway.
#[derive(Debug, Deserialize, Serialize)]
pub struct Charge {
    pub order_id: OrderId,
    pub amount_cents: i64,
    pub card_token: String,
    /// Number of earlier attempts.
    pub attempt: i64,
}

/// Successful response of the gateway.
#[derive(Debug, Deserialize, Serialize)]
pub struct Payment {
    pub id: String,
}

/// Error response of the gateway.
#[derive(Debug, Deserialize, Serialize)]
pub struct Refusal {
    pub reason: String,
}

/// A job for a paid order, with the trace context of its publication.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Job {
    pub queue: String,
    pub kind: JobType,
    pub order_id: OrderId,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Stored in a column of its own, and sent in the headers.
    #[serde(skip)]
    pub trace_context: TraceContext,
}

/// An invoice that the worker created.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: String,
    pub order_id: OrderId,
}
