//! A group for an operation without groups.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ..work = &w)]
fn form(w: forms::Work) {}

fn main() {}
