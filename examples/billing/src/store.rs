//! A simulated order store with latency.

use crate::domain::{Account, Invoice, Order, Tier};
use acme_telemetry::billing::{self, ErrorClass, OrderId, instrumented_operation};
use std::time::Duration;

/// No order has that identifier.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("no order `{0}`")]
#[error_class(billing, order_not_found)]
pub struct OrderNotFound(OrderId);

/// Store of orders and invoices.
#[derive(Debug)]
pub struct Store;

impl Store {
    #[instrumented_operation(billing::OrderLoad, order.id = id)]
    pub async fn load(&self, id: &OrderId) -> Result<Order, OrderNotFound> {
        tokio::time::sleep(Duration::from_millis(3)).await;
        let (account, tier) = match id.as_str() {
            "ord_8Zk2" => ("acc_17", Tier::Pro),
            "ord_9Qd7" => ("acc_4", Tier::Enterprise),
            "ord_3Lm1" => ("acc_902", Tier::Free),
            _ => return Err(OrderNotFound(id.clone())),
        };
        Ok(Order {
            id: id.clone(),
            customer_email: "ada@example.org".to_owned(),
            account: Account {
                id: account.into(),
                tier,
            },
        })
    }

    #[instrumented_operation(billing::InvoiceSave, invoice.id = &invoice.id)]
    pub async fn save(&self, invoice: &Invoice) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
