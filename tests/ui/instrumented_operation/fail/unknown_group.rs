//! A group that the operation does not have.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::GroupedRun, ..wrok = &w)]
fn form(w: forms::Work) {}

fn main() {}
