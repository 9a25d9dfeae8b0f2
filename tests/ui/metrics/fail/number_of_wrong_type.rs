//! A double for an integer metric, and an integer for a double metric.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    metrics::waiting().add(0.5, metrics::Waiting { queue_name: QueueName::capped("mail") });
    metrics::load().record(1, ());
}

fn main() {}
