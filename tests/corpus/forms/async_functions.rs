//! Async functions that are not methods.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "async_nothing",
        || drive!(async_nothing()),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_without_await",
        || drive!(async_without_await(2)),
        &[
            Success(&[("work.count", "2")]),
            Success(&[("work.count", "2")]),
        ],
    ),
    form(
        "async_value",
        || drive!(async_value(2)),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "async_borrowed",
        || drive!(async_borrowed("abc")),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "async_two_lifetimes",
        || drive!(async_two_lifetimes("a", &String::from("b"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_fallible_ok",
        || drive!(async_fallible(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_fallible_error",
        || drive!(async_fallible(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "async_question_mark",
        || drive!(async_question_mark("x")),
        &[Failure("late", &[]), Cancelled(&[])],
    ),
    form(
        "async_optional",
        || drive!(async_optional(None)),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "async_generic",
        || drive!(async_generic::<_, 2>(1_u8, [2_u8, 3])),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "async_impl_argument",
        || drive!(async_impl_argument("a", vec![1, 2])),
        &[
            Success(&[("work.name", "a")]),
            Cancelled(&[("work.name", "a")]),
        ],
    ),
    form(
        "async_impl_result",
        || drive!(async { async_impl_result(&[1, 2]).await.collect::<Vec<_>>() }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_impl_in_result",
        || drive!(async { async_impl_in_result(2).await.map(Iterator::count) }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_not_send",
        || drive!(async_not_send(std::rc::Rc::new(1))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_not_sync",
        || drive!(async_not_sync(std::cell::Cell::new(1))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_closure_argument",
        || drive!(async_closure_argument(|n| n + 1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_argument_that_returns_a_future",
        || {
            drive!(async_argument_that_returns_a_future(|n| async move {
                pause().await;
                n
            }))
        },
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_future_argument",
        || drive!(async_future_argument(pause())),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_patterns",
        || drive!(async_patterns((1, Noisy("b")), &3)),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "async_loop",
        || drive!(async_loop(&[Some(1), Some(2), None])),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_let_else",
        || drive!(async_let_else(Some("x"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_blocks_inside",
        || drive!(async_blocks_inside(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_closure_inside",
        || drive!(async_closure_inside(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_nested",
        || drive!(async_nested(1)),
        &[
            Success(&[("work.count", "2")]),
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "2")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "async_never",
        || show(first_poll(async_never()).is_pending()),
        &[Cancelled(&[])],
    ),
    form(
        "async_unsafe",
        || drive!(unsafe { async_unsafe(&7) }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_locals",
        || drive!(async_locals(Noisy("a"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_inferred_collect",
        || drive!(async_inferred_collect(3)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_inferred_into",
        || drive!(async_inferred_into("x")),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_coerced",
        || drive!(async { async_coerced(1).await.to_string() }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_default_of_the_signature",
        || drive!(async_default_of_the_signature()),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_two_futures_in_sequence",
        || drive!(async_two_futures_in_sequence()),
        &[Success(&[]), Cancelled(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn async_nothing() {
    pause().await;
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_without_await(count: u32) -> u32 {
    count * 2
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_value(count: u32) -> u32 {
    pause().await;
    count + 1
}

#[instrumented_operation(forms::FormRun, work.name = text)]
async fn async_borrowed(text: &str) -> &str {
    pause().await;
    &text[1..]
}

#[instrumented_operation(forms::FormRun)]
async fn async_two_lifetimes<'a, 'b>(first: &'a str, second: &'b str) -> (&'b str, &'a str) {
    pause().await;
    (second, first)
}

#[instrumented_operation(forms::FormRun)]
async fn async_fallible(count: u32) -> Result<u32, Broken> {
    pause().await;
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(rest)
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
async fn async_question_mark(text: &str) -> Result<u32, std::num::ParseIntError> {
    pause().await;
    let number: u32 = text.parse()?;
    note("not here");
    Ok(number)
}

#[instrumented_operation(forms::FormRun)]
async fn async_optional(value: Option<u8>) -> Option<u8> {
    let value = value?;
    pause().await;
    Some(value)
}

#[instrumented_operation(forms::FormRun, work.count = N)]
async fn async_generic<T, const N: usize>(first: T, rest: [T; N]) -> Vec<T>
where
    T: Clone,
{
    pause().await;
    std::iter::once(first).chain(rest).collect()
}

#[instrumented_operation(forms::FormRun, work.name = name.as_ref())]
async fn async_impl_argument(name: impl AsRef<str>, items: impl IntoIterator<Item = u8>) -> usize {
    pause().await;
    name.as_ref().len() + items.into_iter().count()
}

#[instrumented_operation(forms::FormRun)]
async fn async_impl_result(items: &[u8]) -> impl Iterator<Item = u8> + '_ {
    pause().await;
    items.iter().map(|item| item * 2)
}

#[instrumented_operation(forms::FormRun)]
async fn async_impl_in_result(count: u8) -> Result<impl Iterator<Item = u8>, Broken> {
    pause().await;
    if count > 100 {
        return Err(Broken);
    }
    Ok(0..count)
}

#[instrumented_operation(forms::FormRun)]
async fn async_not_send(count: std::rc::Rc<u8>) -> u8 {
    pause().await;
    *count
}

#[instrumented_operation(forms::FormRun)]
async fn async_not_sync(count: std::cell::Cell<u8>) -> u8 {
    pause().await;
    count.replace(2)
}

#[instrumented_operation(forms::FormRun)]
async fn async_closure_argument(change: impl Fn(u8) -> u8) -> u8 {
    pause().await;
    change(1)
}

#[instrumented_operation(forms::FormRun)]
async fn async_argument_that_returns_a_future<F, Fut>(make: F) -> u8
where
    F: Fn(u8) -> Fut,
    Fut: Future<Output = u8>,
{
    make(1).await + make(2).await
}

#[instrumented_operation(forms::FormRun)]
async fn async_future_argument(inner: impl Future<Output = ()>) -> &'static str {
    inner.await;
    "done"
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_patterns((count, held): (u8, Noisy), &more: &u8) -> u8 {
    pause().await;
    held.touch();
    count + more
}

#[instrumented_operation(forms::FormRun)]
async fn async_loop(items: &[Option<u8>]) -> u8 {
    'all: loop {
        let mut sum = 0;
        for item in items {
            pause().await;
            let Some(item) = item else { break 'all sum };
            sum += item;
        }
    }
}

#[instrumented_operation(forms::FormRun)]
async fn async_let_else(name: Option<&str>) -> Option<usize> {
    pause().await;
    let Some(name) = name else {
        return None;
    };
    Some(name.len())
}

#[instrumented_operation(forms::FormRun)]
async fn async_blocks_inside(count: u8) -> Result<u8, Broken> {
    let inner = async {
        pause().await;
        if count == 0 {
            return Err(Broken);
        }
        Ok::<u8, Broken>(count)
    };
    let inner = inner.await?;
    Ok(async move { inner + 1 }.await)
}

#[instrumented_operation(forms::FormRun)]
async fn async_closure_inside(count: u8) -> u8 {
    let add = |more: u8| {
        if more == 0 {
            return count;
        }
        count + more
    };
    pause().await;
    add(0) + add(2)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_nested(count: u8) -> u8 {
    if count == 2 {
        pause().await;
        return 2;
    }
    Box::pin(async_nested(2)).await + 1
}

#[instrumented_operation(forms::FormRun)]
async fn async_never() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

#[instrumented_operation(forms::FormRun)]
async unsafe fn async_unsafe(value: &u8) -> u8 {
    pause().await;
    let value: *const u8 = value;
    unsafe { *value }
}

#[instrumented_operation(forms::FormRun)]
async fn async_locals(argument: Noisy) {
    let _first = Noisy("first");
    let second = Noisy("second");
    pause().await;
    argument.touch();
    let _third = second;
    pause().await;
}

#[instrumented_operation(forms::FormRun)]
async fn async_inferred_collect(count: u8) -> Vec<u8> {
    pause().await;
    (0..count).collect()
}

#[instrumented_operation(forms::FormRun)]
async fn async_inferred_into(text: &str) -> Result<String, Broken> {
    pause().await;
    Ok(text.into())
}

#[instrumented_operation(forms::FormRun)]
async fn async_coerced(count: u8) -> Box<dyn std::fmt::Display> {
    pause().await;
    Box::new(count)
}

#[instrumented_operation(forms::FormRun)]
async fn async_default_of_the_signature() -> (u8, String) {
    pause().await;
    Default::default()
}

#[instrumented_operation(forms::FormRun)]
async fn async_two_futures_in_sequence() -> u8 {
    let (mut first, mut second) = (Box::pin(pause()), Box::pin(pause()));
    first.as_mut().await;
    second.as_mut().await;
    9
}
