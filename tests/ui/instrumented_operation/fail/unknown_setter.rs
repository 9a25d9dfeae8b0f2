//! A setter for an attribute the operation does not take.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn form() { op.work_step(1); }

fn main() {}
