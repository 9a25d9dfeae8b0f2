//! An option without its value.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, parent)]
fn form() {}

fn main() {}
