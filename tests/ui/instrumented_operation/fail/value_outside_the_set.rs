//! A literal that is not in the set of values.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id,
    account.id = account,
    account.tier = "premium",
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order_id: &OrderId, account: &str) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
