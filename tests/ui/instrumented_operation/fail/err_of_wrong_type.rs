//! `err` that returns a string.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, err(|_| "late"))]
fn form() -> Result<(), u8> { Err(1) }

fn main() {}
