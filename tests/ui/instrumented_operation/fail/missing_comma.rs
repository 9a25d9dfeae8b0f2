//! A comma left out.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun work.name = "x")]
fn form() {}

fn main() {}
