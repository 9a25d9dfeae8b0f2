//! A misspelt option.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, parnt = 3)]
fn form() {}

fn main() {}
