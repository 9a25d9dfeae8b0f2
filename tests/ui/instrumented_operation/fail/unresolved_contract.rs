//! A contract that is not in scope.

use test_vocabulary::forms::instrumented_operation;

#[instrumented_operation(form::FormRun, work.name = "x")]
fn form(count: u8) -> u8 { count }

fn main() {}
