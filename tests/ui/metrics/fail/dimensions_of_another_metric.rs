//! The dimensions of another metric.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    metrics::jobs().add(1, metrics::Waiting { queue_name: QueueName::capped("mail") });
}

fn main() {}
