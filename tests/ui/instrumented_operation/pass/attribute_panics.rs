//! If an attribute's expression panics, the operation fails with the error class `panic`. If the future is dropped
//! while the expression is evaluated, the operation is cancelled. In both cases the body does not run.

use otel_contract_tests::{block_on, assert_cancelled, assert_failed, record};
use std::panic::{catch_unwind, resume_unwind};
use test_vocabulary::forms::{self, instrumented_operation};

fn boom() -> u32 {
    resume_unwind(Box::new(()))
}

#[instrumented_operation(forms::FormRun, work.name = "before", work.count = boom())]
fn form() {
    unreachable!()
}

#[instrumented_operation(forms::FormRun, work.name = "before", work.count = std::future::pending::<u32>().await)]
async fn waits() {
    unreachable!()
}

pub(crate) fn main() {
    let ((), spans) = record(|| {
        block_on(async {
            tokio::select! {
                biased;
                () = waits() => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    assert_cancelled(&spans, "form.run", &[("work.name", "before")]);
    let (result, spans) = record(|| catch_unwind(form).is_err());
    assert!(result);
    assert_failed(&spans, "form.run", "panic", &[("work.name", "before")]);
}
