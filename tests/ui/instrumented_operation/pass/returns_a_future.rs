//! Functions that return a future they end with: the future is traced, from its first poll.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use std::future::Future;
use std::pin::Pin;

#[instrumented_operation(forms::FormRun, work.count = count)]
fn impl_future(count: u32) -> impl Future<Output = u32> {
    async move { count + 1 }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn boxed<'a>(count: &'a u32, log: &mut Vec<&'static str>) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    log.push("called");
    Box::pin(async move {
        tokio::task::yield_now().await;
        *count + 1
    })
}

struct Service(u32);

impl Service {
    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn method(&self) -> impl Future<Output = Result<u32, std::convert::Infallible>> + '_ {
        async { Ok(self.0) }
    }
}

fn main() {
    let (result, spans) = record(|| block_on(impl_future(1)));
    assert_eq!(result, 2);
    succeeded(&spans, "form.run", &[("work.count", "1")]);
    let mut log = Vec::new();
    let (result, spans) = record(|| block_on(boxed(&1, &mut log)));
    assert_eq!((result, log), (2, vec!["called"]));
    succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| block_on(Service(5).method()));
    assert_eq!(result, Ok(5));
    succeeded(&spans, "form.run", &[("work.count", "5")]);
    let ((), spans) = record(|| drop(impl_future(1)));
    assert!(spans.is_empty());
}
