//! No dimensions for a metric with dimensions, and key-values by hand.

use test_vocabulary::measures::metrics;

fn count() {
    metrics::waiting().add(1, ());
    metrics::waiting().add(1, &[]);
    metrics::waiting().add(1);
}

fn main() {}
