//! A double where the metric counts integers, and an integer where it measures doubles.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    metrics::waiting().add(0.5, metrics::Waiting { queue_name: QueueName::capped("mail") });
    metrics::load().record(1, ());
}

fn main() {}
