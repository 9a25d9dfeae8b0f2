//! The future of an async function is `Send` if the body is, also across `tokio::spawn`.

use otel_contract_tests::{block_on, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op, work.name = &name)]
async fn form(name: String) -> usize {
    tokio::task::yield_now().await;
    op.work_count(name.len());
    tokio::task::yield_now().await;
    name.len()
}

fn send<T: Send>(future: T) -> T {
    future
}

pub(crate) fn main() {
    let work = || send(form("spawned".to_owned()));
    let (result, spans) = record(|| block_on(async { tokio::spawn(work()).await.unwrap() }));
    assert_eq!(result, 7);
    assert_succeeded(&spans, "form.run", &[("work.name", "spawned"), ("work.count", "7")]);
}
