//! Importing an operation by its name also imports its macro.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use test_vocabulary::forms::FormRun;

/// Module that re-exports operations under other names.
pub mod ops {
    pub use test_vocabulary::forms::FormRun as Create;
}
pub use ops::Create as Made;

use ops::Create;

#[instrumented_operation(Create, work.count = count)]
fn renamed(count: u32) -> u32 {
    count
}

#[instrumented_operation(crate::Made, work.count = count)]
fn passed_on(count: u32) -> u32 {
    count
}

mod inner {
    #[test_vocabulary::forms::instrumented_operation(super::Made, work.count = count)]
    pub fn from_above(count: u32) -> u32 {
        count
    }
}

#[instrumented_operation(FormRun, work.count = count)]
fn form(count: u32) -> u32 {
    count
}

pub fn main() {
    let (result, spans) = record(|| form(3));
    assert_eq!(result, 3);
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    for function in [renamed, passed_on, inner::from_above] {
        let (result, spans) = record(|| function(3));
        assert_eq!(result, 3);
        assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    }
    let ((), spans) = record(|| forms::FormRun {}.start().succeed());
    assert_succeeded(&spans, "form.run", &[]);
}
