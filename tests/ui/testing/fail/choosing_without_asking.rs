//! What only chooses asserts nothing.

#![deny(unused_must_use)]

use test_vocabulary::billing::{self, AccountTier, testing};

fn main() {
    let scope = testing::scope();
    scope.operation::<billing::InvoiceCreate>();
    scope.operation::<billing::InvoiceCreate>().having(AccountTier::Pro);
    scope.duration::<billing::InvoiceCreate>().succeeded();
}
