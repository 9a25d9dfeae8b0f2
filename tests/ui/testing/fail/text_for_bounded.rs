//! The values of bounded attributes are given in their types.

use test_vocabulary::caps::{self, QueueName, testing};

fn main() {
    let run = testing::scope().operation::<caps::CarryRun>().once();
    run.with(QueueName::capped("mail")).with("mail");
}
