//! A free function: the same result as without the attribute, and one span.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

fn twin(count: u32) -> u32 {
    count + 1
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn form(count: u32) -> u32 {
    count + 1
}

pub(crate) fn main() {
    let (result, spans) = record(|| form(1));
    assert_eq!(result, twin(1));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
}
