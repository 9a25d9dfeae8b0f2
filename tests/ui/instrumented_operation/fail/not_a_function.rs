//! An item that is not a function.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation(test_vocabulary::forms::FormRun)]
struct Form;

fn main() {}
