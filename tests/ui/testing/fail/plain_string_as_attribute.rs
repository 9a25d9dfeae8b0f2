//! Assertions accept values of the contract's types, not plain strings.

use test_vocabulary::billing::{self, testing};

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.with(("order.id", "ord_1"));
}
