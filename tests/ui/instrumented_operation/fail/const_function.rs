//! A `const fn`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
const fn form() -> u8 { 1 }

fn main() {}
