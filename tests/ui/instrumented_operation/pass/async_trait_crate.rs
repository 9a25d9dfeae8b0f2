//! Methods under `#[async_trait]`, in the trait and in the implementation: the future is traced, not its making.

use otel_contract_tests::{block_on, failed, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use async_trait::async_trait;

#[derive(Debug, PartialEq, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

#[async_trait]
trait Job {
    async fn run(&self, name: &str, fail: bool) -> Result<usize, Broken>;

    #[instrumented_operation(forms::FormRun, work.name = "default")]
    async fn twice(&mut self) -> usize
    where
        Self: Send,
    {
        tokio::task::yield_now().await;
        2
    }
}

struct Batch {
    size: usize,
}

#[async_trait]
impl Job for Batch {
    #[instrumented_operation(forms::FormRun as op, work.name = name, ok(|size| work.count = size))]
    async fn run(&self, name: &str, fail: bool) -> Result<usize, Broken> {
        tokio::task::yield_now().await;
        op.work_kind(forms::WorkKind::Small);
        if fail {
            return Err(Broken);
        }
        Ok(self.size + name.len())
    }
}

fn main() {
    let mut batch = Batch { size: 2 };
    let (result, spans) = record(|| block_on(batch.run("abc", false)));
    assert_eq!(result, Ok(5));
    succeeded(&spans, "form.run", &[("work.name", "abc"), ("work.kind", "small"), ("work.count", "5")]);
    let (result, spans) = record(|| block_on(batch.run("abc", true)));
    assert_eq!(result, Err(Broken));
    failed(&spans, "form.run", "broken", &[("work.name", "abc"), ("work.kind", "small")]);
    let (result, spans) = record(|| block_on(batch.twice()));
    assert_eq!(result, 2);
    succeeded(&spans, "form.run", &[("work.name", "default")]);
    // Made but never polled: nothing was timed.
    let ((), spans) = record(|| drop(batch.run("abc", false)));
    assert!(spans.is_empty());
}
