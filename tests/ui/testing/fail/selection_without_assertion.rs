//! A selection without an assertion.

#![deny(unused_must_use)]

use test_vocabulary::billing::{self, AccountTier, testing};

fn main() {
    let scope = testing::scope();
    scope.operation::<billing::InvoiceCreate>();
    scope.operation::<billing::InvoiceCreate>().having(AccountTier::Pro);
    scope.duration::<billing::InvoiceCreate>().succeeded();
}
