//! Domain types of the service. The types that telemetry records are checked against the contract.

use acme_telemetry::billing::{self, AccountId, AttributeValue, Attributes, OrderId};

/// An order that has been paid.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub customer_email: String,
    pub account: Account,
}

/// Recipient of an invoice, with the attributes of group `account` in the contract.
#[derive(Clone, Debug, Attributes)]
#[attributes(billing::Account)]
pub struct Account {
    #[attribute(account.id)]
    pub id: AccountId,
    #[attribute(account.tier)]
    pub tier: Tier,
}

/// Account tier. The derive checks that the variants are the values of `account.tier`.
#[derive(Clone, Copy, Debug, AttributeValue)]
#[attribute_value(billing::AccountTier)]
pub enum Tier {
    Free,
    Pro,
    Enterprise,
}

/// An invoice that the gateway issued.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: String,
}
