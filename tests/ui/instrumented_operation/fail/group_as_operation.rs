//! A group in place of an operation.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::Work)]
fn form() {}

fn main() {}
