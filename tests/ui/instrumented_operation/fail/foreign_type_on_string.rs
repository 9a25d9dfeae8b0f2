//! A type of one's own for a string.

use test_vocabulary::forms::{self, instrumented_operation};

struct Id;

#[instrumented_operation(forms::FormRun, work.name = id)]
fn form(id: &Id) {}

fn main() {}
