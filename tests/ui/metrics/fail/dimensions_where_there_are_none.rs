//! Dimensions for a metric without dimensions.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    metrics::load().record(0.5, metrics::Waiting { queue_name: QueueName::capped("mail") });
}

fn main() {}
