//! Attributes read the arguments of the function, even if the body shadows or moves them before it makes a future.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};
use std::pin::Pin;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

trait Service {
    type Future;
    fn call(&mut self, request: String) -> Self::Future;
}

twins! {
    #[instrumented_operation(forms::FormRun, work.name = name)]
    pub fn shadowed(name: &'static str) -> impl Future<Output = usize> {
        let name = name.trim();
        async move { name.len() }
    }

    #[instrumented_operation(forms::FormRun, work.name = name)]
    pub fn shadowed_and_boxed(name: &'static str) -> Boxed<usize> {
        let name = name.trim();
        Box::pin(async move { name.len() })
    }

    #[instrumented_operation(forms::FormRun, work.name = &name)]
    pub fn moved(name: String) -> impl Future<Output = usize> {
        let bytes = name.into_bytes();
        async move { bytes.len() }
    }

    #[instrumented_operation(forms::FormRun, work.name = &name)]
    pub fn moved_and_boxed(name: String) -> Boxed<usize> {
        let bytes = name.into_bytes();
        if bytes.is_empty() {
            return Box::pin(std::future::ready(0));
        }
        Box::pin(async move { bytes.len() })
    }

    pub struct Upper;

    impl Service for Upper {
        type Future = Boxed<String>;

        #[instrumented_operation(forms::FormRun, work.name = &request, ok(|text| work.count = text.len()))]
        fn call(&mut self, request: String) -> Self::Future {
            let secret = format!("secret of {request}");
            let request = secret;
            Box::pin(async move { request.to_uppercase() })
        }
    }

    #[instrumented_operation(forms::FormRun, work.name = name, work.count = count)]
    pub fn plain(name: &'static str, mut count: u32) -> u32 {
        let name = name.trim();
        count += 1;
        count + u32::try_from(name.len()).unwrap()
    }

    #[instrumented_operation(forms::FormRun, work.name = name, ok(|_| work.count = count))]
    pub async fn asynchronous(name: &'static str, mut count: u32) -> u32 {
        let name = name.trim();
        count += 1;
        tokio::task::yield_now().await;
        count + u32::try_from(name.len()).unwrap()
    }
}

/// Attributes set before the future starts the operation are recorded at the start.
#[test_vocabulary::forms::instrumented_operation(test_vocabulary::forms::FormRun as op, work.name = name)]
fn handled(name: &'static str) -> impl Future<Output = usize> {
    op.work_count(1);
    let name = name.trim();
    async move {
        op.work_count(name.len());
        name.len()
    }
}

const ARGUMENT: &str = " name ";

pub(crate) fn main() {
    let (result, spans) = record(|| block_on(ours::shadowed(ARGUMENT)));
    assert_eq!(result, block_on(twin::shadowed(ARGUMENT)));
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT)]);
    let (result, spans) = record(|| block_on(ours::shadowed_and_boxed(ARGUMENT)));
    assert_eq!(result, block_on(twin::shadowed_and_boxed(ARGUMENT)));
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT)]);
    let (result, spans) = record(|| block_on(ours::moved(ARGUMENT.to_owned())));
    assert_eq!(result, block_on(twin::moved(ARGUMENT.to_owned())));
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT)]);
    for name in [ARGUMENT, ""] {
        let (result, spans) = record(|| block_on(ours::moved_and_boxed(name.to_owned())));
        assert_eq!(result, block_on(twin::moved_and_boxed(name.to_owned())));
        assert_succeeded(&spans, "form.run", &[("work.name", name)]);
    }
    let (result, spans) = record(|| block_on(ours::Upper.call("r".to_owned())));
    assert_eq!(result, block_on(twin::Upper.call("r".to_owned())));
    assert_succeeded(&spans, "form.run", &[("work.name", "r"), ("work.count", "11")]);
    let (result, spans) = record(|| block_on(handled(ARGUMENT)));
    assert_eq!(result, 4);
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT), ("work.count", "4")]);
    let (result, spans) = record(|| ours::plain(ARGUMENT, 1));
    assert_eq!(result, twin::plain(ARGUMENT, 1));
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT), ("work.count", "1")]);
    let (result, spans) = record(|| block_on(ours::asynchronous(ARGUMENT, 1)));
    assert_eq!(result, block_on(twin::asynchronous(ARGUMENT, 1)));
    assert_succeeded(&spans, "form.run", &[("work.name", ARGUMENT), ("work.count", "1")]);
    // A future that is dropped before its first poll starts no operation.
    let ((), spans) = record(|| drop(ours::shadowed(ARGUMENT)));
    assert!(spans.is_empty());
}
