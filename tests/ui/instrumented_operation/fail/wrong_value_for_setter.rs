//! A setter with a value outside the set.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn form() { op.work_kind("small"); }

fn main() {}
