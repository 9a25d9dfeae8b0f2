//! A plain integer for an attribute with a range.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.step = step)]
fn form(step: i64) {}

fn main() {}
