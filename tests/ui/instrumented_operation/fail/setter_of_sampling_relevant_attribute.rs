//! A setter for a sampling-relevant attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::SampledRun as op, work.kind = "small")]
fn form() { op.work_kind(forms::WorkKind::Large); }

fn main() {}
