//! The operation is not named.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation()]
fn form() {}

fn main() {}
