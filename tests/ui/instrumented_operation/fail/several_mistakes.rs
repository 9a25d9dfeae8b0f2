//! All mistakes in one attribute, each reported once.

use test_vocabulary::billing::{self, OrderId, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceCreate,
    orderId = order,
    account.id = account,
    account.tier = "premium",
    retry.attempt = 9,
    payment.card_cvv = 123,
)]
fn create_invoice(order: &OrderId, account: &str) -> Result<String, std::convert::Infallible> {
    Ok("inv_1".to_owned())
}

fn main() {}
