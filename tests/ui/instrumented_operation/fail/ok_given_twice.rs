//! A repeated `ok`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ok(|n| work.count = n), ok(|n| work.count = n))]
fn form() -> u8 { 1 }

fn main() {}
