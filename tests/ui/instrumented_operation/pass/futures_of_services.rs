//! Futures as services write them: tower's `call`, a block that does not capture an owned argument, arguments of
//! `async_trait` that are patterns.

use async_trait::async_trait;
use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded, twins};
use std::pin::Pin;
use test_vocabulary::forms::ErrorClass;

#[derive(Clone, Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub struct Broken;

pub trait Service {
    type Future;
    fn call(&mut self, request: String) -> Self::Future;
}

twins! {
    #[derive(Clone)]
    pub struct Upper;

    impl Service for Upper {
        type Future = Pin<Box<dyn Future<Output = Result<String, Broken>> + Send>>;

        #[instrumented_operation(forms::FormRun, work.name = &request, ok(|text| work.count = text.len()))]
        fn call(&mut self, request: String) -> Self::Future {
            let this = self.clone();
            Box::pin(async move {
                let _this = this;
                tokio::task::yield_now().await;
                if request.is_empty() { Err(Broken) } else { Ok(request.to_uppercase()) }
            })
        }
    }

    #[instrumented_operation(forms::FormRun, work.name = name)]
    #[allow(unused_variables)]
    pub fn owned(name: String) -> impl Future<Output = u8> {
        async { 1 }
    }

    #[async_trait]
    pub trait Job {
        async fn go(&self, pair: (String, u32)) -> usize;
    }

    #[async_trait]
    impl Job for Upper {
        #[instrumented_operation(forms::FormRun, work.name = &name, work.count = n)]
        async fn go(&self, (name, n): (String, u32)) -> usize {
            tokio::task::yield_now().await;
            name.len() + n as usize
        }
    }
}

pub(crate) fn main() {
    use {ours::Job as _, twin::Job as _};
    let (result, spans) = record(|| block_on(ours::Upper.call("abc".to_owned())));
    assert_eq!(result, block_on(twin::Upper.call("abc".to_owned())));
    assert_succeeded(&spans, "form.run", &[("work.name", "abc"), ("work.count", "3")]);
    let (result, spans) = record(|| block_on(ours::Upper.call(String::new())));
    assert_eq!(result, block_on(twin::Upper.call(String::new())));
    assert_failed(&spans, "form.run", "broken", &[("work.name", "")]);
    let (result, spans) = record(|| block_on(ours::owned("n".to_owned())));
    assert_eq!(result, block_on(twin::owned("n".to_owned())));
    assert_succeeded(&spans, "form.run", &[("work.name", "n")]);
    let pair = || ("abc".to_owned(), 2);
    let (result, spans) = record(|| block_on(ours::Upper.go(pair())));
    assert_eq!(result, block_on(twin::Upper.go(pair())));
    assert_succeeded(&spans, "form.run", &[("work.name", "abc"), ("work.count", "2")]);
}
