//! A setter for an attribute that the operation does not have.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn form() { op.work_step(1); }

fn main() {}
