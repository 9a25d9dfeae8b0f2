//! An error class of another contract.

use test_vocabulary::billing::{self, testing};
use test_vocabulary::forms;

fn main() {
    let invoice = testing::scope().operation::<billing::InvoiceCreate>().once();
    invoice.failed(forms::ErrorType::Late);
}
