//! A plain integer for an attribute with a set of integers.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.code = code)]
fn form(code: i64) {}

fn main() {}
