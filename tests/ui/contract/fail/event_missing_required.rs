//! The required attributes of an event are fields of its struct.

use test_vocabulary::billing::{self, OrderId};

fn main() {
    billing::InvoiceRejected { order_id: OrderId::new("ord_1") }.emit();
}
