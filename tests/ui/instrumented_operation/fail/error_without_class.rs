//! An error type without a class.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form() -> Result<(), std::io::Error> { Ok(()) }

fn main() {}
