//! A misspelt key.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.nam = "x")]
fn form() {}

fn main() {}
