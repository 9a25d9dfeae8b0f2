//! An integer that is not in the set of values.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.code = 500)]
fn form() {}

fn main() {}
