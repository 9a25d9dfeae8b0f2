//! Async functions of traits: declared, implemented and default.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

trait Job {
    async fn run(&self, count: u32) -> u32;

    #[instrumented_operation(forms::FormRun, work.name = "default")]
    async fn twice(&self, count: u32) -> u32 {
        self.inner(count).await * 2
    }

    async fn inner(&self, count: u32) -> u32 {
        count
    }
}

struct Batch;

impl Job for Batch {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    async fn run(&self, count: u32) -> u32 {
        self.inner(count).await + 1
    }
}

fn main() {
    let (result, spans) = record(|| block_on(Batch.run(4)));
    assert_eq!(result, 5);
    succeeded(&spans, "form.run", &[("work.count", "4")]);
    let (result, spans) = record(|| block_on(Batch.twice(4)));
    assert_eq!(result, 8);
    succeeded(&spans, "form.run", &[("work.name", "default")]);
}
