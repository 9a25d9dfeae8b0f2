//! Something that is no function.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
struct Form;

fn main() {}
