//! A setter with a string in place of the generated enum.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn form() { op.work_kind("small"); }

fn main() {}
