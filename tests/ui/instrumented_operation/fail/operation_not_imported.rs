//! An operation without its contract, and without an import.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation(FormRun as op, work.name = "x")]
fn form() {}

fn main() {}
