//! Streams: the operation is active until the stream ends or is dropped, and its context is current on every poll.

use futures_core::Stream;
use otel_contract_tests::{block_on, assert_cancelled, assert_failed, record, assert_succeeded, twins};
use opentelemetry::trace::TraceContextExt as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use test_vocabulary::forms::ErrorClass;

#[derive(Clone, Copy, Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub struct Broken;

/// Stream that is pending once before each item.
pub struct Items<T> {
    items: std::vec::IntoIter<T>,
    waited: bool,
    parents: Vec<opentelemetry::trace::SpanId>,
}

pub fn items<T>(items: Vec<T>) -> Items<T> {
    Items { items: items.into_iter(), waited: false, parents: Vec::new() }
}

impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let current = opentelemetry::Context::current().span().span_context().span_id();
        self.parents.push(current);
        self.waited = !self.waited;
        if self.waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.items.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<T> Drop for Items<T> {
    fn drop(&mut self) {
        let current = opentelemetry::Context::current().span().span_context().span_id();
        let parents = std::mem::take(&mut self.parents);
        assert!(parents.iter().all(|parent| *parent == current), "polled and dropped under different spans");
    }
}

type Boxed<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

twins! {
    #[instrumented_operation(forms::FormRun, work.name = name, ok(|items| work.count = items), stream)]
    pub fn hidden(name: &'static str) -> impl Stream<Item = u8> {
        items(name.bytes().collect())
    }

    #[instrumented_operation(forms::FormRun, work.name = &name, ok(|items| work.count = items), stream)]
    pub fn boxed(name: String) -> Boxed<u8> {
        Box::pin(items(name.into_bytes()))
    }

    #[instrumented_operation(forms::FormRun, ok(|items| work.count = items), stream)]
    pub async fn asynchronous(fails: bool) -> Result<impl Stream<Item = u8>, Broken> {
        tokio::task::yield_now().await;
        if fails { Err(Broken) } else { Ok(items(vec![1, 2])) }
    }

    #[instrumented_operation(forms::FormRun, ok(|items| work.count = items), stream)]
    pub async fn asynchronous_and_boxed(fails: bool) -> Result<Boxed<u8>, Broken> {
        if fails {
            return Err(Broken);
        }
        Ok(Box::pin(items(vec![1, 2])))
    }

    #[instrumented_operation(forms::FormRun, ok(|items| work.count = items), stream)]
    pub fn of_results(values: Vec<Result<u8, Broken>>) -> impl Stream<Item = Result<u8, Broken>> {
        items(values)
    }

    #[instrumented_operation(
        forms::FormRun,
        err(|text| text.contains("late").then_some(test_vocabulary::forms::ErrorType::Late)),
        stream
    )]
    pub async fn classified(outer: Option<String>, inner: Vec<Result<u8, String>>) -> Result<Boxed<Result<u8, String>>, String> {
        match outer {
            Some(error) => Err(error),
            None => Ok(Box::pin(items(inner))),
        }
    }
}

#[test_vocabulary::forms::instrumented_operation(test_vocabulary::forms::FormRun as op, stream)]
fn handled() -> impl Stream<Item = u8> {
    op.work_count(1);
    items(vec![7])
}

/// Wraps a stream like the response of a web framework: the function that makes the stream has the attribute.
pub struct Body<S>(pub S);

async fn handler(name: &'static str) -> Body<impl Stream<Item = u8>> {
    Body(ours::hidden(name))
}

/// Reads this many items of a stream and drops it.
async fn take<S: Stream>(stream: S, most: usize) -> Vec<S::Item> {
    let mut stream = Box::pin(stream);
    let mut taken = Vec::new();
    while taken.len() < most
        && let Some(item) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await
    {
        taken.push(item);
    }
    taken
}

pub(crate) fn main() {
    macro_rules! same {
        ($form:ident($($argument:expr),*) $([$unwrapped:ident])?, $most:expr) => {{
            let (left, spans) = record(|| block_on(async { take(ours::$form($($argument),*) $(.await.$unwrapped())?, $most).await }));
            let right = block_on(async { take(twin::$form($($argument),*) $(.await.$unwrapped())?, $most).await });
            assert_eq!(left, right, stringify!($form));
            spans
        }};
    }
    let all = usize::MAX;
    assert_succeeded(&same!(hidden("ab"), all), "form.run", &[("work.name", "ab"), ("work.count", "2")]);
    assert_succeeded(&same!(boxed("ab".to_owned()), all), "form.run", &[("work.name", "ab"), ("work.count", "2")]);
    assert_succeeded(&same!(asynchronous(false)[unwrap], all), "form.run", &[("work.count", "2")]);
    assert_succeeded(&same!(asynchronous_and_boxed(false)[unwrap], all), "form.run", &[("work.count", "2")]);
    let (result, spans) = record(|| block_on(ours::asynchronous(true)).map(drop));
    assert_eq!(result, Err(Broken));
    assert_failed(&spans, "form.run", "broken", &[]);
    let (_, spans) = record(|| block_on(ours::asynchronous_and_boxed(true)).map(drop));
    assert_failed(&spans, "form.run", "broken", &[]);
    // If the last item is an `Err`, the operation fails, even if the caller drops the stream right after it. An `Err`
    // that other items follow is not a failure.
    let last = || vec![Ok(1), Err(Broken)];
    assert_failed(&same!(of_results(last()), all), "form.run", "broken", &[]);
    assert_failed(&same!(of_results(last()), 2), "form.run", "broken", &[]);
    let passed = || vec![Err(Broken), Ok(1)];
    assert_succeeded(&same!(of_results(passed()), all), "form.run", &[("work.count", "2")]);
    // The stream is dropped before its end.
    for most in [0, 1] {
        let spans = same!(of_results(passed().into_iter().skip(1).chain([Ok(2)]).collect()), most);
        assert_cancelled(&spans, "form.run", &[]);
    }
    let late = || "late".to_owned();
    let (_, spans) = record(|| block_on(ours::classified(Some(late()), vec![])).map(drop));
    assert_failed(&spans, "form.run", "late", &[]);
    let spans = same!(classified(None, vec![Err(late())])[unwrap], all);
    assert_failed(&spans, "form.run", "late", &[]);
    let spans = same!(classified(None, vec![Err("other".to_owned())])[unwrap], all);
    assert_succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| block_on(take(handled(), all)));
    assert_eq!(result, [7]);
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| block_on(async { take(handler("ab").await.0, all).await }));
    assert_eq!(result, [97, 98]);
    assert_succeeded(&spans, "form.run", &[("work.name", "ab"), ("work.count", "2")]);
    assert_eq!(ours::hidden("abc").size_hint(), twin::hidden("abc").size_hint());
}
