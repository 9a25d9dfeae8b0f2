//! rustc reports a function that is never called, so that `expect` is fulfilled.

use otel_contract_tests::record;
use test_vocabulary::forms::{self, instrumented_operation};

#[deny(unfulfilled_lint_expectations)]
#[expect(dead_code, reason = "the situation")]
#[instrumented_operation(forms::FormRun)]
fn never_called() {}

#[deny(unfulfilled_lint_expectations)]
#[expect(dead_code, reason = "the situation")]
#[instrumented_operation(forms::FormRun)]
async fn never_called_later() {}

#[test]
fn a_function_that_is_never_called_is_reported_and_records_nothing() {
    let ((), spans) = record(|| ());
    assert!(spans.is_empty());
}
