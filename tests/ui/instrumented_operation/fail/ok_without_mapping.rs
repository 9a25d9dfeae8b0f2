//! `ok` without its mapping.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ok)]
fn form() {}

fn main() {}
