//! A secret attribute, which is never recorded.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    order.id,
    account.id = account,
    account.tier = "pro",
    payment.card_cvv = cvv,
    ok(|invoice_id| invoice.id),
)]
fn create_invoice(order_id: &OrderId, account: &str, cvv: u16) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
