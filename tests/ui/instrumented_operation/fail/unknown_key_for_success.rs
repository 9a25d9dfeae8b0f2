//! A wrong name in `ok` is not also reported as a missing attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| items = n))]
fn form() -> u8 {
    1
}

fn main() {}
