//! A panic in an attribute's expression is the operation's: exported as such, body not run.

use otel_contract_tests::{failed, record};
use std::panic::{catch_unwind, resume_unwind};
use test_vocabulary::forms::{self, instrumented_operation};

fn boom() -> u32 {
    resume_unwind(Box::new(()))
}

#[instrumented_operation(forms::FormRun, work.name = "before", work.count = boom())]
fn form() {
    unreachable!()
}

fn main() {
    let (result, spans) = record(|| catch_unwind(form).is_err());
    assert!(result);
    failed(&spans, "form.run", "panic", &[("work.name", "before")]);
}
