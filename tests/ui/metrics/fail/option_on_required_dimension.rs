//! An `Option` for a required dimension.

use test_vocabulary::measures::{QueueName, metrics};

fn count(queue: Option<QueueName>) {
    metrics::waiting().add(1, metrics::Waiting { queue_name: queue });
}

fn main() {}
