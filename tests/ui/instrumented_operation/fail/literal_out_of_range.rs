//! Integers outside the range.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.step = 3, job.type = "batch")]
fn form() {}

fn main() {}
