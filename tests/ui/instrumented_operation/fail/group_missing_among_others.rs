//! A whole group left out.

use test_vocabulary::billing::{self, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    ok(|invoice_id| invoice.id),
)]
fn create_invoice() -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
