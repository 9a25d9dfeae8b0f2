//! An attribute where an operation belongs.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::WorkName)]
fn form() {}

fn main() {}
