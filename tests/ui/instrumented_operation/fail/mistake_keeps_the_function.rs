//! After a mistake in the attribute, the function still exists: uses of the function cause no further errors.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, weather = 1)]
fn form(count: u8) -> u8 {
    count
}

#[allow(dead_code)]
fn uses() -> u8 {
    form(1)
}

fn main() {}
