//! An unbounded attribute as a dimension.

use test_vocabulary::measures::{AccountTier, QueueName, metrics};

fn count(order_id: &str) {
    let jobs = metrics::Jobs {
        account_tier: AccountTier::Pro,
        queue_name: QueueName::capped("mail"),
        order_id: order_id.into(),
    };
    metrics::jobs().add(1, jobs);
}

fn main() {}
