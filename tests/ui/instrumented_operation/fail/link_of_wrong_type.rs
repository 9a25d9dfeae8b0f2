//! A link of the wrong type.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, link = "")]
fn form() {}

fn main() {}
