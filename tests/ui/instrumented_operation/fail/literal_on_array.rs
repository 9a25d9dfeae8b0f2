//! A literal for an array.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.tags = "a")]
fn form() {}

fn main() {}
