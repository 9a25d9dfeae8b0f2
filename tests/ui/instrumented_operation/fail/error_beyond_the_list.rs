//! An error class that the operation does not list.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, late)]
struct Late;

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n))]
fn form() -> Result<u8, Late> { Err(Late) }

fn main() {}
