//! Required attributes of the operation are missing.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id,
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order_id: &OrderId) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
