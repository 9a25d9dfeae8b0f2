//! No operation is recorded before a provider is installed; all are recorded after it is installed or replaced.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.count = count)]
fn form(count: u32) -> u32 {
    count
}

pub(crate) fn main() {
    assert_eq!(form(1), 1);
    let (_, spans) = record(|| form(2));
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
    let (_, spans) = record(|| form(3));
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    let scope = &spans[0].instrumentation_scope;
    assert_eq!((scope.name(), scope.version(), scope.schema_url()), ("forms", Some("0.3.0"), None));
}
