//! An attribute of the contract that is not a dimension of this metric.

use test_vocabulary::measures::{AccountTier, QueueName, metrics};

fn count(hit: bool) {
    let jobs = metrics::Jobs { account_tier: AccountTier::Pro, queue_name: QueueName::capped("mail") };
    metrics::jobs().add(1, jobs.cache_hit(hit));
}

fn main() {}
