//! No operation named.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation()]
fn form() {}

fn main() {}
