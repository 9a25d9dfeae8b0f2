//! `#[track_caller]` on an `async fn`.

use test_vocabulary::forms::instrumented_operation;

#[track_caller]
#[instrumented_operation(test_vocabulary::forms::FormRun)]
async fn form() {}

fn main() {}
