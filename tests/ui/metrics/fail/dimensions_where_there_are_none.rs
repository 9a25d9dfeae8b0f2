//! Dimensions for a metric without.

use test_vocabulary::measures::metrics;

fn count() {
    metrics::load().record(0.5, metrics::Waiting { queue_name: "mail".into() });
}

fn main() {}
