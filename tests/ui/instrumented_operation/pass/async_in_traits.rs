//! Async functions of traits: declared, implemented and default.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};

twins! {
    #[allow(async_fn_in_trait)]
    pub trait Job {
        async fn run(&self, count: u32) -> u32;

        #[instrumented_operation(forms::FormRun, work.name = "default")]
        async fn twice(&self, count: u32) -> u32 {
            self.inner(count).await * 2
        }

        async fn inner(&self, count: u32) -> u32 {
            count
        }
    }

    pub struct Batch;

    impl Job for Batch {
        #[instrumented_operation(forms::FormRun, work.count = count)]
        async fn run(&self, count: u32) -> u32 {
            self.inner(count).await + 1
        }
    }
}

pub(crate) fn main() {
    use {ours::Job as _, twin::Job as _};
    let (result, spans) = record(|| block_on(ours::Batch.run(4)));
    assert_eq!(result, block_on(twin::Batch.run(4)));
    assert_succeeded(&spans, "form.run", &[("work.count", "4")]);
    let (result, spans) = record(|| block_on(ours::Batch.twice(4)));
    assert_eq!(result, block_on(twin::Batch.twice(4)));
    assert_succeeded(&spans, "form.run", &[("work.name", "default")]);
}
