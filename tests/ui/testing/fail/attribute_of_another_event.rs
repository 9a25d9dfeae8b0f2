//! An assertion accepts only attributes of its event.

use test_vocabulary::billing::{self, OrderId, QueueName, testing};

fn main() {
    let scope = testing::scope();
    let rejected = scope.event::<billing::InvoiceRejected>().having(OrderId::new("ord_1")).once();
    rejected.with(QueueName::capped("q"));
}
