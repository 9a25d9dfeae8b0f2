//! Values are given in the contract's types.

use test_vocabulary::billing::{self, testing};

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.with(("order.id", "ord_1"));
}
