//! A deprecated attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[deny(deprecated)]
#[instrumented_operation(forms::LegacyRun, old.name = "x")]
fn form() {}

fn main() {}
