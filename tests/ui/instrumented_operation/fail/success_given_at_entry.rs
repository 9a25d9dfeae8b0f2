//! An attribute that is known only on success, but is set at entry.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x", work.count = 1)]
fn form() {}

fn main() {}
