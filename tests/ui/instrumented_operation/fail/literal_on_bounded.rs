//! Literals that a bounded attribute does not accept.

use test_vocabulary::caps::{self, instrumented_operation};

#[instrumented_operation(caps::CarryRun, queue.name = 5, tenant.name = 'a', shard.key = "s", rack.name = b"r")]
fn form() {}

fn main() {}
