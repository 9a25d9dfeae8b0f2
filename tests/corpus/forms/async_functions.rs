//! Async functions that are not methods.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "later_nothing",
        || drive!(later_nothing()),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_without_await",
        || drive!(later_without_await(2)),
        &[
            Success(&[("work.count", "2")]),
            Success(&[("work.count", "2")]),
        ],
    ),
    form(
        "later_value",
        || drive!(later_value(2)),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "later_borrowed",
        || drive!(later_borrowed("abc")),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "later_two_lifetimes",
        || drive!(later_two_lifetimes("a", &String::from("b"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_fallible_ok",
        || drive!(later_fallible(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_fallible_error",
        || drive!(later_fallible(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "later_question_mark",
        || drive!(later_question_mark("x")),
        &[Failure("late", &[]), Cancelled(&[])],
    ),
    form(
        "later_optional",
        || drive!(later_optional(None)),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "later_generic",
        || drive!(later_generic::<_, 2>(1_u8, [2_u8, 3])),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "later_impl_argument",
        || drive!(later_impl_argument("a", vec![1, 2])),
        &[
            Success(&[("work.name", "a")]),
            Cancelled(&[("work.name", "a")]),
        ],
    ),
    form(
        "later_impl_result",
        || drive!(async { later_impl_result(&[1, 2]).await.collect::<Vec<_>>() }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_impl_in_result",
        || drive!(async { later_impl_in_result(2).await.map(Iterator::count) }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_not_send",
        || drive!(later_not_send(std::rc::Rc::new(1))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_not_sync",
        || drive!(later_not_sync(std::cell::Cell::new(1))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_closure_argument",
        || drive!(later_closure_argument(|n| n + 1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_async_argument",
        || {
            drive!(later_async_argument(|n| async move {
                pause().await;
                n
            }))
        },
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_future_argument",
        || drive!(later_future_argument(pause())),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_patterns",
        || drive!(later_patterns((1, Noisy("b")), &3)),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "later_loop",
        || drive!(later_loop(&[Some(1), Some(2), None])),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_let_else",
        || drive!(later_let_else(Some("x"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_blocks_inside",
        || drive!(later_blocks_inside(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_closure_inside",
        || drive!(later_closure_inside(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_nested",
        || drive!(later_nested(1)),
        &[
            Success(&[("work.count", "2")]),
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "2")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "later_never",
        || show(first_poll(later_never()).is_pending()),
        &[Cancelled(&[])],
    ),
    form(
        "later_unsafe",
        || drive!(unsafe { later_unsafe(&7) }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_locals",
        || drive!(later_locals(Noisy("a"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_inferred_collect",
        || drive!(later_inferred_collect(3)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_inferred_into",
        || drive!(later_inferred_into("x")),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_coerced",
        || drive!(async { later_coerced(1).await.to_string() }),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_default_of_the_signature",
        || drive!(later_default_of_the_signature()),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "later_join",
        || drive!(later_join()),
        &[Success(&[]), Cancelled(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn later_nothing() {
    pause().await;
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn later_without_await(count: u32) -> u32 {
    count * 2
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn later_value(count: u32) -> u32 {
    pause().await;
    count + 1
}

#[instrumented_operation(forms::FormRun, work.name = text)]
async fn later_borrowed(text: &str) -> &str {
    pause().await;
    &text[1..]
}

#[instrumented_operation(forms::FormRun)]
async fn later_two_lifetimes<'a, 'b>(first: &'a str, second: &'b str) -> (&'b str, &'a str) {
    pause().await;
    (second, first)
}

#[instrumented_operation(forms::FormRun)]
async fn later_fallible(count: u32) -> Result<u32, Broken> {
    pause().await;
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(rest)
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
async fn later_question_mark(text: &str) -> Result<u32, std::num::ParseIntError> {
    pause().await;
    let number: u32 = text.parse()?;
    note("not here");
    Ok(number)
}

#[instrumented_operation(forms::FormRun)]
async fn later_optional(value: Option<u8>) -> Option<u8> {
    let value = value?;
    pause().await;
    Some(value)
}

#[instrumented_operation(forms::FormRun, work.count = N)]
async fn later_generic<T, const N: usize>(first: T, rest: [T; N]) -> Vec<T>
where
    T: Clone,
{
    pause().await;
    std::iter::once(first).chain(rest).collect()
}

#[instrumented_operation(forms::FormRun, work.name = name.as_ref())]
async fn later_impl_argument(name: impl AsRef<str>, items: impl IntoIterator<Item = u8>) -> usize {
    pause().await;
    name.as_ref().len() + items.into_iter().count()
}

#[instrumented_operation(forms::FormRun)]
async fn later_impl_result(items: &[u8]) -> impl Iterator<Item = u8> + '_ {
    pause().await;
    items.iter().map(|item| item * 2)
}

#[instrumented_operation(forms::FormRun)]
async fn later_impl_in_result(count: u8) -> Result<impl Iterator<Item = u8>, Broken> {
    pause().await;
    if count > 100 {
        return Err(Broken);
    }
    Ok(0..count)
}

#[instrumented_operation(forms::FormRun)]
async fn later_not_send(count: std::rc::Rc<u8>) -> u8 {
    pause().await;
    *count
}

#[instrumented_operation(forms::FormRun)]
async fn later_not_sync(count: std::cell::Cell<u8>) -> u8 {
    pause().await;
    count.replace(2)
}

#[instrumented_operation(forms::FormRun)]
async fn later_closure_argument(change: impl Fn(u8) -> u8) -> u8 {
    pause().await;
    change(1)
}

#[instrumented_operation(forms::FormRun)]
async fn later_async_argument<F, Fut>(make: F) -> u8
where
    F: Fn(u8) -> Fut,
    Fut: Future<Output = u8>,
{
    make(1).await + make(2).await
}

#[instrumented_operation(forms::FormRun)]
async fn later_future_argument(inner: impl Future<Output = ()>) -> &'static str {
    inner.await;
    "done"
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn later_patterns((count, held): (u8, Noisy), &more: &u8) -> u8 {
    pause().await;
    held.touch();
    count + more
}

#[instrumented_operation(forms::FormRun)]
async fn later_loop(items: &[Option<u8>]) -> u8 {
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
async fn later_let_else(name: Option<&str>) -> Option<usize> {
    pause().await;
    let Some(name) = name else {
        return None;
    };
    Some(name.len())
}

#[instrumented_operation(forms::FormRun)]
async fn later_blocks_inside(count: u8) -> Result<u8, Broken> {
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
async fn later_closure_inside(count: u8) -> u8 {
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
async fn later_nested(count: u8) -> u8 {
    if count == 2 {
        pause().await;
        return 2;
    }
    Box::pin(later_nested(2)).await + 1
}

#[instrumented_operation(forms::FormRun)]
async fn later_never() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

#[instrumented_operation(forms::FormRun)]
async unsafe fn later_unsafe(value: &u8) -> u8 {
    pause().await;
    let value: *const u8 = value;
    unsafe { *value }
}

#[instrumented_operation(forms::FormRun)]
async fn later_locals(argument: Noisy) {
    let _first = Noisy("first");
    let second = Noisy("second");
    pause().await;
    argument.touch();
    let _third = second;
    pause().await;
}

#[instrumented_operation(forms::FormRun)]
async fn later_inferred_collect(count: u8) -> Vec<u8> {
    pause().await;
    (0..count).collect()
}

#[instrumented_operation(forms::FormRun)]
async fn later_inferred_into(text: &str) -> Result<String, Broken> {
    pause().await;
    Ok(text.into())
}

#[instrumented_operation(forms::FormRun)]
async fn later_coerced(count: u8) -> Box<dyn std::fmt::Display> {
    pause().await;
    Box::new(count)
}

#[instrumented_operation(forms::FormRun)]
async fn later_default_of_the_signature() -> (u8, String) {
    pause().await;
    Default::default()
}

#[instrumented_operation(forms::FormRun)]
async fn later_join() -> u8 {
    let (mut first, mut second) = (Box::pin(pause()), Box::pin(pause()));
    first.as_mut().await;
    second.as_mut().await;
    9
}
