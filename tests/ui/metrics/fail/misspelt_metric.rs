//! A metric that the contract does not have.

use test_vocabulary::measures::{QueueName, metrics};

fn count() {
    metrics::waitings().add(1, metrics::Waitings { queue_name: QueueName::capped("mail") });
}

fn main() {}
