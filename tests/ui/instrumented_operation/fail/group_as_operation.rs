//! A group where an operation belongs.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::Work)]
fn form() {}

fn main() {}
