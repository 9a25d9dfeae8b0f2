//! `%` and `?` before a value, as in the macros of `tracing`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.name = %name, work.count = ?count)]
fn values(name: &str, count: u8) {}

#[instrumented_operation(forms::FormRun, %work.name, ?work.count)]
fn shorthand(work_name: &str, work_count: u8) {}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|count| work.count = %count))]
fn success() -> u8 { 1 }

fn main() {}
