//! A parent of the wrong type.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, parent = 3)]
fn form() {}

fn main() {}
