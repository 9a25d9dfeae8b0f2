//! Methods under `#[async_trait]`, in the trait and in the implementation, also with other
//! attributes before and after: the operation is the future, not the call that makes it.

use async_trait::async_trait;
use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded, twins};
use test_vocabulary::forms::ErrorClass;

#[derive(Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub struct Broken;

twins! {
    #[async_trait]
    pub trait Job {
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

    pub struct Batch {
        pub size: usize,
    }

    #[async_trait]
    impl Job for Batch {
        #[allow(clippy::unused_async)]
        #[instrumented_operation(forms::FormRun, work.name = name, ok(|size| work.count = size))]
        #[inline]
        async fn run(&self, name: &str, fail: bool) -> Result<usize, Broken> {
            tokio::task::yield_now().await;
            if fail {
                return Err(Broken);
            }
            let checked: Result<usize, Broken> = Ok(self.size);
            Ok(checked? + name.len())
        }
    }
}

pub(crate) fn main() {
    use {ours::Job as _, twin::Job as _};
    let (mut ours, mut twin) = (ours::Batch { size: 2 }, twin::Batch { size: 2 });
    let (result, spans) = record(|| block_on(ours.run("abc", false)));
    assert_eq!(result, block_on(twin.run("abc", false)));
    assert_succeeded(&spans, "form.run", &[("work.name", "abc"), ("work.count", "5")]);
    let (result, spans) = record(|| block_on(ours.run("abc", true)));
    assert_eq!(result, block_on(twin.run("abc", true)));
    assert_failed(&spans, "form.run", "broken", &[("work.name", "abc")]);
    let (result, spans) = record(|| block_on(ours.twice()));
    assert_eq!(result, block_on(twin.twice()));
    assert_succeeded(&spans, "form.run", &[("work.name", "default")]);
    // A future that is never polled records nothing.
    let ((), spans) = record(|| drop(ours.run("abc", false)));
    assert!(spans.is_empty());
}
