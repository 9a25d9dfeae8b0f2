//! The checkout's own words. Where telemetry needs them, they are checked against the contract.

use checkout_telemetry::checkout::{
    self, AccountId, AccountTier, Attributes, JobType, OrderId, TraceContext,
};
use serde::{Deserialize, Serialize};

/// An order that waits to be paid.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub account: Account,
    pub customer_email: String,
    pub amount_cents: i64,
    /// Stands for a card; what the gateway does with it is in its name.
    pub card_token: String,
}

/// Whose order it is: everything the contract's group `account` asks for.
#[derive(Clone, Debug, Attributes)]
#[attributes(checkout::Account)]
pub struct Account {
    #[attribute(account.id)]
    pub id: AccountId,
    #[attribute(account.tier)]
    pub tier: AccountTier,
}

/// What the gateway is asked.
#[derive(Debug, Deserialize, Serialize)]
pub struct Charge {
    pub order_id: OrderId,
    pub amount_cents: i64,
    pub card_token: String,
    /// How many times the same was asked before.
    pub attempt: i64,
}

/// What the gateway did.
#[derive(Debug, Deserialize, Serialize)]
pub struct Payment {
    pub id: String,
}

/// Why the gateway did not.
#[derive(Debug, Deserialize, Serialize)]
pub struct Refusal {
    pub reason: String,
}

/// What is to be done once an order is paid, and where in its trace that was decided.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Job {
    pub queue: String,
    pub kind: JobType,
    pub order_id: OrderId,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Kept beside the job, and sent in the headers.
    #[serde(skip)]
    pub trace_context: TraceContext,
}

/// What the worker makes.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: String,
    pub order_id: OrderId,
}
