//! A string for an integer attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.count = count)]
fn form(count: String) {}

fn main() {}
