//! The service's own words. Where telemetry needs them, they are checked against the contract.

use acme_telemetry::billing::{self, AccountId, AttributeValue, Attributes, OrderId};

/// An order that has been paid.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub customer_email: String,
    pub account: Account,
}

/// Whom the invoice is for: everything the contract's group `account` asks for.
#[derive(Clone, Debug, Attributes)]
#[attributes(billing::Account)]
pub struct Account {
    #[attribute(account.id)]
    pub id: AccountId,
    #[attribute(account.tier)]
    pub tier: Tier,
}

/// Every value of `account.tier` has a variant here, and no variant stands for anything else.
#[derive(Clone, Copy, Debug, AttributeValue)]
#[attribute_value(billing::AccountTier)]
pub enum Tier {
    Free,
    Pro,
    Enterprise,
}

/// What the gateway issued.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: String,
}
