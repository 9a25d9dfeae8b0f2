//! A return type that may be a `Result`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form<T>(value: T) -> T { value }

fn main() {}
