//! An attribute of the contract that is no dimension of this metric.

use test_vocabulary::measures::{AccountTier, metrics};

fn count(hit: bool) {
    let jobs = metrics::Jobs { account_tier: AccountTier::Pro, queue_name: "mail".into() };
    metrics::jobs().add(1, jobs.cache_hit(hit));
}

fn main() {}
