//! A misspelt operation.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FromRun)]
fn form() {}

fn main() {}
