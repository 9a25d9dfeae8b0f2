//! An arbitrary string for a dimension with a closed set of values.

use test_vocabulary::measures::metrics;

fn count(tier: &str) {
    metrics::credit().add(1.0, metrics::Credit {}.account_tier(tier));
}

fn main() {}
