//! A value of another attribute.

use test_vocabulary::measures::{TopicName, metrics};

fn count(topic: TopicName) {
    metrics::waiting().add(1, metrics::Waiting { queue_name: topic });
}

fn main() {}
