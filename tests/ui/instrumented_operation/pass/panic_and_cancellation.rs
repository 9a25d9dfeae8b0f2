//! Panics and dropped futures are outcomes; unwinding does not fail operations in destructors.

use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

#[instrumented_operation(forms::FormRun as op)]
fn panics() {
    op.work_count(1);
    resume_unwind(Box::new(()));
}

#[instrumented_operation(forms::FormRun)]
async fn panics_async() {
    tokio::task::yield_now().await;
    resume_unwind(Box::new(()));
}

#[instrumented_operation(forms::FormRun as op)]
async fn waits() {
    op.work_count(2);
    let _cleanup = Cleanup;
    std::future::pending::<()>().await;
}

#[instrumented_operation(forms::PlainRun)]
fn clean_up() {}

struct Cleanup;

impl Drop for Cleanup {
    fn drop(&mut self) {
        clean_up();
    }
}

fn cleans_up_while_unwinding() {
    let _cleanup = Cleanup;
    resume_unwind(Box::new(()));
}

pub(crate) fn main() {
    let (_, spans) = record(|| catch_unwind(panics).is_err());
    assert_failed(&spans, "form.run", "panic", &[("work.count", "1")]);
    let (_, spans) = record(|| catch_unwind(AssertUnwindSafe(|| block_on(panics_async()))).is_err());
    assert_failed(&spans, "form.run", "panic", &[]);
    let (_, spans) = record(|| catch_unwind(cleans_up_while_unwinding).is_err());
    assert_succeeded(&spans, "plain.run", &[]);
    let ((), spans) = record(|| {
        block_on(async {
            tokio::select! {
                biased;
                () = waits() => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    // Operations in destructors of the dropped body are its children.
    let [cleanup, cancelled] = &spans[..] else { panic!("two spans") };
    assert_eq!(cleanup.name, "plain.run");
    assert_eq!(cleanup.parent_span_id, cancelled.span_context.span_id());
    otel_contract_tests::assert_cancelled(&spans[1..], "form.run", &[("work.count", "2")]);
}
