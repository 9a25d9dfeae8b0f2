//! An operation imported by its name brings its macro along.

use otel_contract_tests::{record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use test_vocabulary::forms::FormRun;

#[instrumented_operation(FormRun, work.count = count)]
fn form(count: u32) -> u32 {
    count
}

fn main() {
    let (result, spans) = record(|| form(3));
    assert_eq!(result, 3);
    succeeded(&spans, "form.run", &[("work.count", "3")]);
    let ((), spans) = record(|| forms::FormRun {}.start().succeed());
    succeeded(&spans, "form.run", &[]);
}
