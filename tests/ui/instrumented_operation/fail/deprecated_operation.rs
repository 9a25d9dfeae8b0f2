//! A deprecated operation.

#![deny(deprecated)]

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::GoneRun)]
fn form() {}

fn main() {}
