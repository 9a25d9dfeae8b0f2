//! A key of the contract that this operation does not have.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.step = 1)]
fn form() {}

fn main() {}
