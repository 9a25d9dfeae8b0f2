//! A repeated key in `ok`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ok(|n| work.count = n, work.count = 2))]
fn form() -> u8 { 1 }

fn main() {}
