//! An `Option` for a required attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = name, ok(|()| work.count = 1))]
fn form(name: Option<&str>) {}

fn main() {}
