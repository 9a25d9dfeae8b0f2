//! A value that does not fill the group.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id,
    ..account = &account,
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order_id: &OrderId, account: String) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
