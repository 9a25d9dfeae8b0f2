//! A plain integer for an attribute with a range.

use test_vocabulary::billing;

#[derive(billing::Attributes)]
#[attributes(billing::InvoiceCreate)]
struct Mine {
    #[attribute(order.id)]
    order: billing::OrderId,
    #[attribute(account.id)]
    account: String,
    #[attribute(account.tier)]
    tier: billing::AccountTier,
    #[attribute(retry.attempt)]
    attempt: u8,
}

fn main() {}
