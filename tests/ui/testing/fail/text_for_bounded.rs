//! Assertions accept values of a bounded attribute's type, not plain text.

use test_vocabulary::caps::{self, QueueName, testing};

fn main() {
    let run = testing::scope().operation::<caps::CarryRun>().once();
    run.with(QueueName::capped("mail")).with("mail");
}
