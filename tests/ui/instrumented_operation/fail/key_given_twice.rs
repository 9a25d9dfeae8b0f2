//! A repeated key.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.count = 1, work.count = 2)]
fn form() {}

fn main() {}
