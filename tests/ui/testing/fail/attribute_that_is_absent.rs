//! That an attribute is not there can be asked only where it could be.

use test_vocabulary::billing::{self, QueueName, testing};

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.without::<QueueName>();
}
