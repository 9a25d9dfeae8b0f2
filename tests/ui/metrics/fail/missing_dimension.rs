//! A missing required dimension.

use test_vocabulary::measures::{AccountTier, metrics};

fn count() {
    metrics::jobs().add(1, metrics::Jobs { account_tier: AccountTier::Pro });
}

fn main() {}
