//! Futures whose types are inferred from the signature, that are not made in the last expression, that panic, or that
//! follow a closure with exits of its own. See rows 3, 6 and 32 of the log of failures in `docs/differential.md`.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "boxed_without_pin",
        || drive!(Pin::from(boxed_without_pin(3))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_panics_in_the_future",
        || show(block_on(boxed_panics_in_the_future())),
        PANIC,
    ),
    form(
        "future_panics",
        || show(block_on(future_panics(Noisy("a")))),
        PANIC,
    ),
    form(
        "collects_in_the_future",
        || drive!(collects_in_the_future(3)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "converts_in_the_future",
        || drive!(converts_in_the_future("abc")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "defaults_in_the_future",
        || drive!(defaults_in_the_future()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "coerces_in_the_future",
        || drive!(async { coerces_in_the_future(7).await.to_string() }),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "sums_in_the_future",
        || drive!(sums_in_the_future(&[1, 2])),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "closure_with_exits_before_the_future",
        || drive!(closure_with_exits_before_the_future("b")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "block_closure_with_exits_before_the_future",
        || drive!(block_closure_with_exits_before_the_future("7")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "function_with_exits_before_the_future",
        || drive!(function_with_exits_before_the_future("7")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "macro_with_exits_before_the_future",
        || drive!(macro_with_exits_before_the_future(0)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_returned_early",
        || drive!(boxed_returned_early("")),
        &[Success(&[("work.name", "")]), Success(&[("work.name", "")])],
    ),
    form(
        "boxed_not_returned_early",
        || drive!(boxed_returned_early("abc")),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "boxed_built_before",
        || drive!(boxed_built_before(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_built_by_another_function",
        || drive!(boxed_built_by_another_function(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_in_a_match",
        || drive!(boxed_in_a_match(Some(7))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_in_an_if",
        || drive!(boxed_in_an_if(true)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_by_a_method",
        || drive!(boxed_by_a_method(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_with_a_return_at_the_end",
        || drive!(boxed_with_a_return_at_the_end(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_associated_type_built_elsewhere",
        || drive!(Service(7).call(1)),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "future_built_before",
        || drive!(future_built_before(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_built_by_another_function",
        || drive!(future_built_by_another_function(7)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_built_by_a_method",
        || drive!(Service(7).future_built_by_a_method()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_ready",
        || drive!(future_ready(7)),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "future_of_an_argument",
        || drive!(future_of_an_argument(pause())),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_by_poll_fn",
        || drive!(future_by_poll_fn()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_fallible_built_elsewhere",
        || drive!(future_fallible_built_elsewhere(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "future_with_drops_built_elsewhere",
        || drive!(future_with_drops_built_elsewhere(Noisy("a"), Noisy("b"))),
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn boxed_without_pin(count: u32) -> Box<dyn Future<Output = u32>> {
    Box::new(async move {
        pause().await;
        count
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_panics_in_the_future() -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move {
        let _held = Noisy("held");
        pause().await;
        panic!("in the future")
    })
}

#[instrumented_operation(forms::FormRun)]
fn future_panics(argument: Noisy) -> impl Future<Output = ()> {
    async move {
        pause().await;
        panic!("{}", argument.touch());
    }
}

#[instrumented_operation(forms::FormRun)]
fn collects_in_the_future(count: u8) -> impl Future<Output = Vec<u8>> {
    async move {
        pause().await;
        (0..count).collect()
    }
}

#[instrumented_operation(forms::FormRun)]
fn converts_in_the_future(text: &'static str) -> Pin<Box<dyn Future<Output = String> + Send>> {
    Box::pin(async move {
        pause().await;
        text.into()
    })
}

#[instrumented_operation(forms::FormRun)]
fn defaults_in_the_future() -> impl Future<Output = (u8, String)> {
    async move {
        pause().await;
        Default::default()
    }
}

#[instrumented_operation(forms::FormRun)]
fn coerces_in_the_future(count: u8) -> impl Future<Output = Box<dyn std::fmt::Display>> {
    async move {
        pause().await;
        Box::new(count) as _
    }
}

#[instrumented_operation(forms::FormRun)]
fn sums_in_the_future(items: &[u16]) -> Pin<Box<dyn Future<Output = u16> + '_>> {
    Box::pin(async move {
        pause().await;
        items.iter().sum()
    })
}

#[instrumented_operation(forms::FormRun)]
fn closure_with_exits_before_the_future(
    text: &str,
) -> Pin<Box<dyn Future<Output = Option<u8>> + '_>> {
    let first = |text: &str| text.bytes().next()?.checked_sub(1);
    Box::pin(async move {
        pause().await;
        first(text)
    })
}

#[instrumented_operation(forms::FormRun)]
fn block_closure_with_exits_before_the_future(
    text: &str,
) -> Pin<Box<dyn Future<Output = Option<u8>> + '_>> {
    let number = move || -> Option<u8> {
        let first = text.split(' ').next()?;
        if first.is_empty() {
            return None;
        }
        first.parse().ok()
    };
    Box::pin(async move {
        pause().await;
        number()
    })
}

#[instrumented_operation(forms::FormRun)]
fn function_with_exits_before_the_future(text: &str) -> impl Future<Output = Option<u8>> + '_ {
    fn number(text: &str) -> Option<u8> {
        let first = text.split(' ').next()?;
        return first.parse().ok();
    }
    async move {
        pause().await;
        number(text)
    }
}

#[instrumented_operation(forms::FormRun)]
fn macro_with_exits_before_the_future(count: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    macro_rules! checked {
        ($count:expr) => {
            (|| $count.checked_sub(1)?.checked_add(2))().unwrap_or(9)
        };
    }
    let count = checked!(count);
    Box::pin(async move {
        pause().await;
        count
    })
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn boxed_returned_early(text: &str) -> Pin<Box<dyn Future<Output = usize> + '_>> {
    if text.is_empty() {
        return Box::pin(async { 0 });
    }
    Box::pin(async move {
        pause().await;
        text.len()
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_built_before(count: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    let future = async move {
        pause().await;
        count
    };
    Box::pin(future)
}

async fn elsewhere(count: u8) -> u8 {
    pause().await;
    count
}

#[instrumented_operation(forms::FormRun)]
fn boxed_built_by_another_function(count: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    Box::pin(elsewhere(count))
}

#[instrumented_operation(forms::FormRun)]
fn boxed_in_a_match(count: Option<u8>) -> Pin<Box<dyn Future<Output = u8>>> {
    match count {
        Some(count) => Box::pin(elsewhere(count)),
        None => Box::pin(std::future::ready(0)),
    }
}

#[instrumented_operation(forms::FormRun)]
fn boxed_in_an_if(pauses: bool) -> Pin<Box<dyn Future<Output = u8>>> {
    if pauses {
        Box::pin(async {
            pause().await;
            1
        })
    } else {
        Box::pin(async { 2 })
    }
}

trait Boxed: Future + Sized {
    fn boxed<'a>(self) -> Pin<Box<dyn Future<Output = Self::Output> + 'a>>
    where
        Self: 'a,
    {
        Box::pin(self)
    }
}

impl<F: Future> Boxed for F {}

#[instrumented_operation(forms::FormRun)]
fn boxed_by_a_method(count: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    async move {
        pause().await;
        count
    }
    .boxed()
}

#[instrumented_operation(forms::FormRun)]
fn boxed_with_a_return_at_the_end(count: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    return Box::pin(async move {
        pause().await;
        count
    });
}

trait Call {
    type Future;
    fn call(&mut self, count: u8) -> Self::Future;
}

struct Service(u8);

impl Call for Service {
    type Future = Pin<Box<dyn Future<Output = u8> + Send>>;

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn call(&mut self, count: u8) -> Self::Future {
        self.0 += count;
        Box::pin(elsewhere(self.0))
    }
}

impl Service {
    #[instrumented_operation(forms::FormRun)]
    fn future_built_by_a_method(&self) -> impl Future<Output = u8> {
        elsewhere(self.0)
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_built_before(count: u8) -> impl Future<Output = u8> {
    let future = async move {
        pause().await;
        count
    };
    future
}

#[instrumented_operation(forms::FormRun)]
fn future_built_by_another_function(count: u8) -> impl Future<Output = u8> {
    note("called");
    elsewhere(count)
}

#[instrumented_operation(forms::FormRun)]
fn future_ready(count: u8) -> impl Future<Output = u8> {
    std::future::ready(count)
}

#[instrumented_operation(forms::FormRun)]
fn future_of_an_argument<F: Future<Output = ()>>(inner: F) -> impl Future<Output = ()> {
    inner
}

#[instrumented_operation(forms::FormRun)]
fn future_by_poll_fn() -> impl Future<Output = u8> {
    let mut left = 1;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return std::task::Poll::Ready(7);
        }
        left -= 1;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
}

#[instrumented_operation(forms::FormRun)]
fn future_fallible_built_elsewhere(count: u8) -> impl Future<Output = Result<u8, Broken>> {
    let checked = count.checked_sub(1).ok_or(Broken);
    let answer = async move {
        pause().await;
        checked
    };
    answer
}

#[instrumented_operation(forms::FormRun)]
fn future_with_drops_built_elsewhere(first: Noisy, second: Noisy) -> impl Future<Output = ()> {
    async fn both(first: Noisy, second: Noisy) {
        pause().await;
        second.touch();
        first.touch();
    }
    both(first, second)
}
