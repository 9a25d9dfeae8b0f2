//! The absence of an attribute can be asserted only if the operation has the attribute.

use test_vocabulary::billing::{self, QueueName, testing};

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.without::<QueueName>();
}
