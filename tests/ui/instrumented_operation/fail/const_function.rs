//! A `const fn`.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation(test_vocabulary::forms::FormRun)]
const fn form() -> u8 { 1 }

fn main() {}
