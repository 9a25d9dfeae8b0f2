//! An array with the wrong element type.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.tags = tags)]
fn form(tags: &[u8]) {}

fn main() {}
