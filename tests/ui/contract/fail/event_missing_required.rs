//! What an event requires is given before anything is recorded.

use test_vocabulary::billing::{self, OrderId};

fn main() {
    billing::InvoiceRejected { order_id: OrderId::new("ord_1") }.emit();
}
