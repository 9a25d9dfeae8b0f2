//! Mistakes with an operation imported by its name.

use test_vocabulary::forms::instrumented_operation;

use test_vocabulary::forms::StrictRun;

#[instrumented_operation(StrictRun, work.nmae = "x", weather = 1, ok(|()| work.count = 1))]
fn form() {}

fn main() {}
