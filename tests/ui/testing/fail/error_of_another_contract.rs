//! An operation fails with a class of its own contract.

use test_vocabulary::billing::{self, testing};
use test_vocabulary::forms;

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.failed(forms::ErrorType::Late);
}
