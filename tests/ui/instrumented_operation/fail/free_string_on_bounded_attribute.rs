//! An arbitrary string for a bounded attribute.

use test_vocabulary::measures::{self, TopicName, instrumented_operation};

#[instrumented_operation(
    measures::JobRun,
    queue.name = queue,
    ok(|()| topic.name = TopicName::capped("orders")),
)]
fn run(queue: &str) {}

fn main() {}
