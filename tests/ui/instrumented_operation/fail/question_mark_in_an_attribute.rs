//! An attribute value that would return from the function.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

fn lookup() -> Result<String, Broken> {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun, work.name = lookup()?)]
fn question() -> Result<u8, Broken> {
    Ok(1)
}

#[instrumented_operation(forms::FormRun, work.name = if early { return 0 } else { "late" })]
fn returns(early: bool) -> u8 {
    1
}

fn main() {}
