//! An attribute that `ok` must set is missing.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "x")]
fn form() {}

fn main() {}
