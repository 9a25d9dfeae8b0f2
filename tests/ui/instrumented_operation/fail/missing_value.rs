//! Nothing after the `=`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.name =)]
fn form() {}

fn main() {}
