//! `ok` without the bars of its value.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ok(work.count = 1))]
fn form() {}

fn main() {}
