//! A metric the contract does not have.

use test_vocabulary::measures::metrics;

fn count() {
    metrics::waitings().add(1, metrics::Waitings { queue_name: "mail".into() });
}

fn main() {}
