//! A string for an attribute that accepts only its generated type.

use test_vocabulary::billing::{self, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id = order,
    account.id = "a",
    account.tier = "pro",
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order: &str) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
