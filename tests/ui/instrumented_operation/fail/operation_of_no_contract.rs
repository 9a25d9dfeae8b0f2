//! An undeclared operation.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::SendRocketToMoon)]
fn form() {}

fn main() {}
