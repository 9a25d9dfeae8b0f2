//! `#[track_caller]` with an argument that has no name.

use test_vocabulary::forms::instrumented_operation;

#[track_caller]
#[instrumented_operation(test_vocabulary::forms::FormRun)]
fn form((a, _): (u8, u8)) -> u8 { a }

fn main() {}
