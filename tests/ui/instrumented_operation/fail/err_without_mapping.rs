//! `err` without its mapping.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, err = 3)]
fn form() {}

fn main() {}
