//! Functions whose last expression is a future: the operation is the future, from its first poll.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};
use std::pin::Pin;

twins! {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    pub fn impl_future(count: u32) -> impl Future<Output = u32> {
        async move { count + 1 }
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    pub fn boxed<'a>(count: &'a u32, log: &mut Vec<&'static str>) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
        log.push("called");
        Box::pin(async move {
            tokio::task::yield_now().await;
            *count + 1
        })
    }

    pub struct Service(pub u32);

    impl Service {
        #[instrumented_operation(forms::FormRun, work.count = self.0)]
        pub fn method(&self) -> impl Future<Output = Result<u32, std::convert::Infallible>> + '_ {
            async { Ok(self.0) }
        }
    }
}

pub(crate) fn main() {
    let (result, spans) = record(|| block_on(ours::impl_future(1)));
    assert_eq!(result, block_on(twin::impl_future(1)));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (mut log, mut twins_log) = (Vec::new(), Vec::new());
    let (result, spans) = record(|| block_on(ours::boxed(&1, &mut log)));
    assert_eq!(result, block_on(twin::boxed(&1, &mut twins_log)));
    assert_eq!(log, twins_log);
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| block_on(ours::Service(5).method()));
    assert_eq!(result, block_on(twin::Service(5).method()));
    assert_succeeded(&spans, "form.run", &[("work.count", "5")]);
    let ((), spans) = record(|| drop(ours::impl_future(1)));
    assert!(spans.is_empty());
}
