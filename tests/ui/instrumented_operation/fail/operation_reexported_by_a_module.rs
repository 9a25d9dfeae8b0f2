//! A module that re-exports single operations is no contract: rustc's message has to tell what to do instead.

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
