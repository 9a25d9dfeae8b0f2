//! A module that re-exports single operations is not a contract: rustc's message must contain the fix.

use test_vocabulary::forms::{Attributes, instrumented_operation};

mod ops {
    pub use test_vocabulary::forms::{PlainRun, StrictRun as Strict, Work};
}

#[instrumented_operation(ops::PlainRun)]
fn named() {}

#[instrumented_operation(ops::Strict, work.name = "x")]
fn renamed() {}

#[derive(Attributes)]
#[attributes(ops::Work)]
struct Derived {
    name: String,
}

fn main() {}
