//! Orders and payments of the demonstration and of load tests.

use crate::domain::{Account, Order};
use crate::store::Store;
use checkout_telemetry::checkout::{AccountTier, OrderId};
use std::error::Error;

/// Maximum number of orders in one transaction.
const BATCH_SIZE: usize = 10_000;

/// A payment request with a description of the expected behavior.
pub struct Payment {
    pub id: &'static str,
    pub description: &'static str,
    /// `None` if the order does not exist.
    pub order: Option<Order>,
}

/// Returns the payments of the demonstration.
pub fn payments() -> Vec<Payment> {
    let payment = |id, description, tier, card| Payment {
        id,
        description,
        order: Some(order(id.to_owned(), tier, card)),
    };
    vec![
        payment("ord_8Zk2", "no failure", AccountTier::Pro, "tok_ok"),
        payment(
            "ord_9Qd7",
            "the gateway is slow once",
            AccountTier::Enterprise,
            "tok_slow_1",
        ),
        payment(
            "ord_3Lm1",
            "rate limited every time",
            AccountTier::Free,
            "tok_limited_9",
        ),
        payment("ord_5Xc0", "declined", AccountTier::Pro, "tok_declined"),
        Payment {
            id: "ord_missing",
            description: "the order does not exist",
            order: None,
        },
    ]
}

/// Places orders `ord_1` to `ord_<count>`. Of every 400 orders, the gateway declines two, and rejects the first call of
/// another two.
pub async fn place(database: &str, count: u32) -> Result<(), Box<dyn Error>> {
    let placed = |number: u32| {
        let card = match number % 400 {
            100 | 300 => "tok_declined",
            200 => "tok_limited_1",
            399 => "tok_broken_1",
            _ => "tok_ok",
        };
        let tiers = [AccountTier::Free, AccountTier::Pro, AccountTier::Enterprise];
        order(format!("ord_{number}"), tiers[number as usize % 3], card)
    };
    let store = Store::open(database).await?;
    for first in (1..=count).step_by(BATCH_SIZE) {
        let batch = (first..=count).take(BATCH_SIZE).map(placed);
        store.place(batch.collect()).await?;
    }
    Ok(())
}

fn order(id: String, tier: AccountTier, card: &str) -> Order {
    let number = id.trim_start_matches("ord_").to_owned();
    Order {
        account: Account {
            id: format!("acc_{number}").into(),
            tier,
        },
        customer_email: format!("customer-{number}@example.org"),
        amount_cents: 4_990,
        card_token: card.to_owned(),
        id: OrderId::new(id),
    }
}
