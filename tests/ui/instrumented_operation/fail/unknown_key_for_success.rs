//! A wrong name in `ok` is one mistake, not also a missing one.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| items = n))]
fn form() -> u8 {
    1
}

fn main() {}
