//! An associated type that may be a `Result`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form<I: Iterator>(mut items: I) -> I::Item { items.next().unwrap() }

fn main() {}
