//! `#[track_caller]` with an argument that has no name.

use test_vocabulary::forms::{self, instrumented_operation};

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn form((a, _): (u8, u8)) -> u8 { a }

fn main() {}
