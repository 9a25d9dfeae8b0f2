//! An attribute that is known on success, set through the handle.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun as op, work.name = "x")]
fn form() { op.work_count(1); }

fn main() {}
