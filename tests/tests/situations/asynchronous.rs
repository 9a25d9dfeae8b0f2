//! Async functions, methods of `async_trait`, and functions that return futures.

use crate::{is_child, names};
use async_trait::async_trait;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
use otel_contract_tests::{assert_failed, assert_succeeded, attributes, block_on, record};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use test_vocabulary::forms::{self, ErrorClass, instrumented_operation};

#[derive(Debug, PartialEq, ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

/// Future that is ready at a later poll, and logs at each poll whether an operation is current.
async fn polled(times: usize, current: &Mutex<Vec<bool>>) {
    let mut left = times;
    std::future::poll_fn(|context| {
        let active = Context::current().has_active_span();
        current.lock().expect("not poisoned").push(active);
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn an_async_operation_is_current_during_its_polls_and_never_between_them() {
    #[instrumented_operation(forms::FormRun, work.count = times)]
    async fn form(times: usize, current: &Mutex<Vec<bool>>) -> Result<(), Broken> {
        polled(times, current).await;
        Ok(())
    }
    let inside = Mutex::new(Vec::new());
    let (result, spans) = record(|| {
        let mut future = Box::pin(form(2, &inside));
        block_on(std::future::poll_fn(move |context| {
            assert!(!Context::current().has_active_span());
            let poll = future.as_mut().poll(context);
            assert!(!Context::current().has_active_span());
            poll
        }))
    });
    assert_eq!(result, Ok(()));
    assert_eq!(*inside.lock().expect("not poisoned"), [true; 3]);
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
}

#[test]
fn an_async_function_returns_an_iterator_inside_a_result() {
    #[instrumented_operation(forms::FormRun, work.count = limit)]
    async fn form(limit: i32) -> Result<impl Iterator<Item = i32>, Broken> {
        Ok((0..10).filter(move |number| *number < limit))
    }
    let (count, spans) = record(|| block_on(form(3)).map(Iterator::count));
    assert_eq!(count, Ok(3));
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
}

#[test]
fn an_async_function_returns_an_iterator_or_an_error_of_another_crate() {
    #[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
    async fn form(limit: i32) -> Result<impl Iterator<Item = i32>, &'static str> {
        if limit < 0 {
            return Err("negative");
        }
        Ok(0..limit)
    }
    let (error, spans) = record(|| block_on(form(-1)).map(Iterator::count));
    assert_eq!(error, Err("negative"));
    assert_failed(&spans, "form.run", "late", &[]);
}

#[test]
fn an_async_function_may_be_empty() {
    #[instrumented_operation(forms::FormRun)]
    async fn form() {}
    let ((), spans) = record(|| block_on(form()));
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn inner_attributes_of_an_async_body_apply_to_it() {
    #[deny(unused_variables)]
    #[allow(clippy::mixed_attributes_style)]
    #[instrumented_operation(forms::FormRun)]
    async fn form() {
        #![allow(unused_variables)]
        let unused = 42;
    }
    let ((), spans) = record(|| block_on(form()));
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn an_else_in_an_argument_or_a_comment_triggers_no_lint() {
    #[instrumented_operation(forms::FormRun)]
    #[rustfmt::skip]
    #[deny(clippy::suspicious_else_formatting)]
    async fn in_an_argument(yes: bool) -> String {
        format!("it is {}", if yes { "yes" } else { "no" })
    }
    #[instrumented_operation(forms::FormRun)]
    #[deny(clippy::suspicious_else_formatting)]
    async fn in_a_comment() {
        // if this
        // else that
    }
    let (text, spans) = record(|| block_on(in_an_argument(true)));
    assert_eq!(text, "it is yes");
    assert_succeeded(&spans, "form.run", &[]);
    let ((), spans) = record(|| block_on(in_a_comment()));
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn braces_of_a_returned_future_trigger_no_lint() {
    #[instrumented_operation(forms::FormRun)]
    #[deny(unused_braces)]
    fn boxed() -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {})
    }
    #[instrumented_operation(forms::FormRun)]
    #[deny(unused_braces)]
    #[allow(clippy::manual_async_fn)]
    fn returned() -> impl Future<Output = Result<(), Infallible>> {
        async { Ok(()) }
    }
    let ((), spans) = record(|| block_on(boxed()));
    assert_succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| block_on(returned()));
    assert_eq!(result, Ok(()));
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn an_async_operation_inside_another_is_its_child() {
    #[instrumented_operation(forms::FormRun)]
    async fn outer() {
        inner().await;
    }
    #[instrumented_operation(forms::PlainRun)]
    async fn inner() {}
    let ((), spans) = record(|| block_on(outer()));
    assert_eq!(names(&spans), ["plain.run", "form.run"]);
    assert!(is_child(&spans[0], &spans[1]));
}

#[test]
fn methods_of_async_trait_call_each_other_as_children() {
    #[async_trait]
    trait First {
        async fn first(&mut self, value: usize);
    }
    #[async_trait]
    trait Second {
        async fn second(&self);
    }
    #[async_trait]
    trait Third {
        async fn third(&self);
    }
    struct Work(usize);
    #[async_trait]
    impl First for Work {
        #[instrumented_operation(forms::FormRun, work.count = value)]
        async fn first(&mut self, value: usize) {
            self.third().await;
            self.0 = value;
            self.second().await;
        }
    }
    #[async_trait]
    impl Second for Work {
        #[instrumented_operation(forms::FullRun, work.count = self.0)]
        async fn second(&self) {}
    }
    #[async_trait]
    impl Third for Work {
        #[instrumented_operation(forms::PlainRun)]
        async fn third(&self) {}
    }
    let ((), spans) = record(|| block_on(Work(2).first(5)));
    assert_eq!(names(&spans), ["plain.run", "full.run", "form.run"]);
    assert!(is_child(&spans[0], &spans[2]) && is_child(&spans[1], &spans[2]));
    let count = || vec![("work.count".to_owned(), "5".to_owned())];
    assert_eq!(attributes(&spans[1]), count());
    assert_eq!(attributes(&spans[2]), count());
}

#[test]
fn attributes_of_async_trait_methods_use_self_and_the_type_self() {
    #[async_trait]
    trait Job {
        async fn call(&mut self, value: i64);
    }
    #[derive(Clone)]
    struct Work;
    impl Work {
        fn answer(&self) -> i64 {
            let _ = self;
            42
        }
    }
    #[async_trait]
    impl Job for Work {
        #[instrumented_operation(
            forms::FormRun,
            work.name = Self::clone(self).answer().to_string(),
            work.count = self.answer() + value,
        )]
        async fn call(&mut self, value: i64) {
            let _ = value;
        }
    }
    let ((), spans) = record(|| block_on(Work.call(5)));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.count", "47"), ("work.name", "42")],
    );
}

#[test]
fn attributes_name_the_type_self_in_functions_that_return_futures() {
    fn short<T: ?Sized>() -> &'static str {
        std::any::type_name::<T>().rsplit("::").next().unwrap_or("")
    }
    #[async_trait]
    trait Job {
        async fn without_self() -> u8;
        async fn with_self(&self);
        async fn with_mut_self(&mut self);
    }
    #[derive(Clone)]
    struct Work;
    impl Work {
        #[instrumented_operation(forms::FormRun, work.name = short::<Self>())]
        fn boxed(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            let held = self.clone();
            Box::pin(async move {
                let _ = held;
            })
        }
    }
    #[async_trait]
    impl Job for Work {
        #[instrumented_operation(forms::FormRun, work.name = short::<Self>())]
        async fn without_self() -> u8 {
            1
        }

        #[instrumented_operation(forms::FormRun, work.name = short::<Self>())]
        async fn with_self(&self) {
            self.boxed().await;
        }

        #[instrumented_operation(forms::FormRun, work.name = short::<Self>())]
        async fn with_mut_self(&mut self) {}
    }
    let (one, spans) = record(|| block_on(Work::without_self()));
    assert_eq!(one, 1);
    assert_succeeded(&spans, "form.run", &[("work.name", "Work")]);
    let ((), spans) = record(|| block_on(Work.with_mut_self()));
    assert_succeeded(&spans, "form.run", &[("work.name", "Work")]);
    let ((), spans) = record(|| block_on(Work.with_self()));
    assert_eq!(names(&spans), ["form.run", "form.run"]);
    assert!(is_child(&spans[0], &spans[1]));
    let name = || vec![("work.name".to_owned(), "Work".to_owned())];
    assert_eq!(attributes(&spans[0]), name());
    assert_eq!(attributes(&spans[1]), name());
}

#[test]
fn locals_before_a_boxed_future_stay_in_scope_inside_it() {
    struct Work {
        shared: Arc<u8>,
    }
    impl Work {
        #[instrumented_operation(forms::FormRun, work.name = "call")]
        fn call(&mut self, _request: ()) -> Pin<Box<dyn Future<Output = Arc<u8>> + Send + Sync>> {
            let shared = self.shared.clone();
            Box::pin(async move { shared })
        }
    }
    let mut work = Work {
        shared: Arc::new(3),
    };
    let (shared, spans) = record(|| block_on(work.call(())));
    assert!(Arc::ptr_eq(&shared, &work.shared));
    assert_succeeded(&spans, "form.run", &[("work.name", "call")]);
}

#[test]
fn a_future_in_return_position_is_recorded_where_it_is_polled() {
    #[allow(clippy::manual_async_fn)]
    #[instrumented_operation(forms::FormRun)]
    fn form() -> impl Future<Output = bool> {
        async { Context::current().has_active_span() }
    }
    let (current, spans) = record(|| block_on(form()));
    assert!(current);
    assert_succeeded(&spans, "form.run", &[]);
    let ((), spans) = record(|| drop(form()));
    assert!(spans.is_empty());
}

#[test]
fn a_boxed_future_is_recorded_where_it_is_polled() {
    #[instrumented_operation(forms::FormRun)]
    fn form() -> Pin<Box<dyn Future<Output = bool>>> {
        Box::pin(async { Context::current().has_active_span() })
    }
    let (current, spans) = record(|| block_on(form()));
    assert!(current);
    assert_succeeded(&spans, "form.run", &[]);
    let ((), spans) = record(|| drop(form()));
    assert!(spans.is_empty());
}
