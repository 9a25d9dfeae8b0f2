//! A negative amount for a counter.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    let mail = metrics::Jobs { account_tier: test_vocabulary::measures::AccountTier::Pro, queue_name: QueueName::capped("mail") };
    metrics::jobs().add(-1, mail);
}

fn main() {}
