//! `as op`: attributes are set in the body and from a spawned task; the last value wins, and each key is exported once.

use otel_contract_tests::{block_on, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op, work.name = "entry", work.count = 1)]
async fn form() -> usize {
    op.work_count(2);
    let elsewhere = op.clone();
    tokio::spawn(async move { elsewhere.work_count(3) }).await.unwrap();
    op.work_kind(Some(forms::WorkKind::Large));
    op.work_kind(None::<forms::WorkKind>);
    op.work_name(&String::from("late"));
    7
}

#[instrumented_operation(forms::FormRun as op)]
fn escapes() -> forms::FormRunHandle {
    op
}

pub(crate) fn main() {
    let (result, spans) = record(|| block_on(form()));
    assert_eq!(result, 7);
    assert_succeeded(&spans, "form.run", &[("work.name", "late"), ("work.count", "3"), ("work.kind", "large")]);
    // After the end a handle does nothing.
    let ((), spans) = record(|| escapes().work_count(1));
    assert_succeeded(&spans, "form.run", &[]);
}
