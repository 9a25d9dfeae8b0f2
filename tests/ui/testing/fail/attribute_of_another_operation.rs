//! Only what an operation may record can be expected of it.

use test_vocabulary::billing::{self, InvoiceId, QueueName, testing};

fn main() {
    let scope = testing::scope();
    let invoice = scope.operation::<billing::InvoiceCreate>().once();
    invoice.with((InvoiceId::from("inv_1"), QueueName::capped("q")));
}
