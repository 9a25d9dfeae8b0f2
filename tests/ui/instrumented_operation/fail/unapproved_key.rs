//! A key that has another name in the contract.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id,
    customer.id = customer,
    account.tier = "pro",
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order_id: &OrderId, customer: &str) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
