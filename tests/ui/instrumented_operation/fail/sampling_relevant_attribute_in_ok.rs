//! A sampling-relevant attribute, in `ok`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::SampledRun, work.kind = "small", ok(|()| work.kind = "large"))]
fn form() {}

fn main() {}
