//! An argument that the body moved, used in `ok`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, ok(|_| work.name = &name))]
fn form(name: String) -> usize { name.into_bytes().len() }

fn main() {}
