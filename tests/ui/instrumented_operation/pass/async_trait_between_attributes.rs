//! `#[async_trait]` with ours between other attributes of the method.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use async_trait::async_trait;

#[async_trait]
trait Job {
    async fn run(&self) -> usize;
}

struct Batch;

#[async_trait]
impl Job for Batch {
    #[allow(clippy::unused_async)]
    #[instrumented_operation(forms::FormRun)]
    #[inline]
    async fn run(&self) -> usize {
        3
    }
}

fn main() {
    let (result, spans) = record(|| block_on(Batch.run()));
    assert_eq!(result, 3);
    succeeded(&spans, "form.run", &[]);
}
