//! A user-defined type for a string attribute.

use test_vocabulary::forms::{self, instrumented_operation};

struct Id;

#[instrumented_operation(forms::FormRun, work.name = id)]
fn form(id: &Id) {}

fn main() {}
