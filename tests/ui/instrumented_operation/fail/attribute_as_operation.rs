//! An attribute in place of an operation.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::WorkName)]
fn form() {}

fn main() {}
