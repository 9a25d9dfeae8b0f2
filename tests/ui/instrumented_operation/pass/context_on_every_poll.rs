//! The context is attached on every poll, on whichever thread, and never between polls.

use otel_contract_tests::{record};
use test_vocabulary::forms::{self, instrumented_operation};

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;

#[instrumented_operation(forms::FormRun)]
async fn form() -> usize {
    let mine = Context::current().span().span_context().clone();
    assert!(mine.is_valid());
    for _ in 0..10 {
        tokio::task::yield_now().await;
        assert_eq!(Context::current().span().span_context(), &mine);
        inner();
    }
    10
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {}

pub(crate) fn main() {
    let (results, spans) = record(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        runtime.block_on(async {
            let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(form())).collect();
            let mut results = Vec::new();
            for task in tasks {
                results.push(task.await.unwrap());
                assert!(!Context::current().has_active_span());
            }
            results
        })
    });
    assert_eq!(results, [10; 8]);
    assert_eq!(spans.len(), 88);
    for outer in spans.iter().filter(|span| span.name == "form.run") {
        let children = spans.iter().filter(|span| span.parent_span_id == outer.span_context.span_id());
        assert_eq!(children.count(), 10);
    }
}
