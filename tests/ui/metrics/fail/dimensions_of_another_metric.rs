//! The dimensions of another metric.

use test_vocabulary::measures::metrics;

fn count() {
    metrics::jobs().add(1, metrics::Waiting { queue_name: "mail".into() });
}

fn main() {}
