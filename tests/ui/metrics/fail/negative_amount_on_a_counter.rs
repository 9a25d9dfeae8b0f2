//! A counter does not go down.

use test_vocabulary::measures::metrics;

fn count() {
    let mail = metrics::Jobs { account_tier: test_vocabulary::measures::AccountTier::Pro, queue_name: "mail".into() };
    metrics::jobs().add(-1, mail);
}

fn main() {}
