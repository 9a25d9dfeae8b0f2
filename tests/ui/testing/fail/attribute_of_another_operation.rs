//! An assertion accepts only attributes of its operation.

use test_vocabulary::billing::{self, InvoiceId, QueueName, testing};

fn main() {
    let scope = testing::scope();
    let invoice = scope.operation::<billing::InvoiceCreate>().once();
    invoice.with((InvoiceId::from("inv_1"), QueueName::capped("q")));
}
