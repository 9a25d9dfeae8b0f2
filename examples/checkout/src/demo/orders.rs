//! Orders to be paid.

use crate::domain::{Account, Order};
use crate::store::Store;
use checkout_telemetry::checkout::{AccountTier, OrderId};
use std::error::Error;

/// Orders in one transaction.
const TOGETHER: usize = 10_000;

/// A request, and what is to be seen of it.
pub struct Paying {
    pub id: &'static str,
    pub what: &'static str,
    /// `None`: nobody placed it.
    pub order: Option<Order>,
}

/// What the demonstration pays.
pub fn to_be_paid() -> Vec<Paying> {
    let paying = |id, what, tier, card| Paying {
        id,
        what,
        order: Some(order(id.to_owned(), tier, card)),
    };
    vec![
        paying("ord_8Zk2", "smooth", AccountTier::Pro, "tok_ok"),
        paying(
            "ord_9Qd7",
            "the gateway is slow once",
            AccountTier::Enterprise,
            "tok_slow_1",
        ),
        paying(
            "ord_3Lm1",
            "rate limited every time",
            AccountTier::Free,
            "tok_limited_9",
        ),
        paying("ord_5Xc0", "declined", AccountTier::Pro, "tok_declined"),
        Paying {
            id: "ord_missing",
            what: "nobody placed it",
            order: None,
        },
    ]
}

/// Places orders `ord_1` to `ord_<count>`: of 400 the gateway declines two, and of another two it takes
/// the second call only.
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
    for first in (1..=count).step_by(TOGETHER) {
        let some = (first..=count).take(TOGETHER).map(placed);
        store.place(some.collect()).await?;
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
