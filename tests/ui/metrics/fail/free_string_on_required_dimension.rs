//! An arbitrary string for a required dimension with a closed set of values.

use test_vocabulary::measures::{QueueName, metrics};

fn count(tier: &str) {
    metrics::jobs().add(1, metrics::Jobs { account_tier: tier, queue_name: QueueName::capped("mail") });
}

fn main() {}
