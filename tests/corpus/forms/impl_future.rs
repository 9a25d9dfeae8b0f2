//! Functions that return `impl Future`.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "future_alone",
        || drive!(future_alone(2)),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "future_of_nothing",
        || drive!(future_of_nothing()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_borrowing",
        || drive!(future_borrowing("abc")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_send",
        || drive!(future_send(String::from("abc"))),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "future_not_send",
        || drive!(future_not_send(std::rc::Rc::new(2))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_after_statements",
        || drive!(future_after_statements(2)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_after_a_touch",
        || drive!(future_after_a_touch(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_fallible_ok",
        || drive!(future_fallible(1)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_fallible_error",
        || drive!(future_fallible(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "future_of_an_iterator",
        || drive!(async { future_of_an_iterator(3).await.count() }),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_generic",
        || drive!(future_generic("a")),
        &[
            Success(&[("work.name", "a")]),
            Cancelled(&[("work.name", "a")]),
        ],
    ),
    form(
        "future_method",
        || drive!(Service(7).method()),
        &[
            Success(&[("work.count", "7")]),
            Cancelled(&[("work.count", "7")]),
        ],
    ),
    form(
        "future_mut_method",
        || drive!(Service(7).mut_method()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_method_by_value",
        || drive!(Service(7).by_value()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_with_inner_block",
        || drive!(future_with_inner_block(3)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_awaiting_an_argument",
        || drive!(future_awaiting_an_argument(pause())),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_captures",
        || drive!(future_captures(&String::from("x"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_async_block_without_await",
        || drive!(future_async_block_without_await(1)),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "parses_in_the_future",
        || drive!(parses_in_the_future("7")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "succeeds_in_the_future",
        || drive!(succeeds_in_the_future(7)),
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun, work.count = count)]
fn future_alone(count: u32) -> impl Future<Output = u32> {
    async move {
        pause().await;
        count + 1
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_of_nothing() -> impl Future<Output = ()> {
    async {
        pause().await;
        note("done");
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_borrowing<'a>(text: &'a str) -> impl Future<Output = &'a str> + 'a {
    async move {
        pause().await;
        &text[1..]
    }
}

#[instrumented_operation(forms::FormRun, work.name = &text)]
fn future_send(text: String) -> impl Future<Output = usize> + Send + 'static {
    async move {
        pause().await;
        text.len()
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_not_send(count: std::rc::Rc<u8>) -> impl Future<Output = u8> {
    async move {
        pause().await;
        *count
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_after_statements(count: u32) -> impl Future<Output = u32> {
    let doubled = count * 2;
    let held = Noisy("held");
    async move {
        pause().await;
        held.touch();
        doubled
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_after_a_touch(argument: Noisy) -> impl Future<Output = usize> {
    let name = argument.touch();
    drop(argument);
    async move {
        pause().await;
        name.len()
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_fallible(count: u32) -> impl Future<Output = Result<u32, Broken>> {
    async move {
        pause().await;
        Ok(count.checked_sub(1).ok_or(Broken)?)
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_of_an_iterator(count: u8) -> impl Future<Output = std::ops::Range<u8>> {
    async move {
        pause().await;
        0..count
    }
}

#[instrumented_operation(forms::FormRun, work.name = text.as_ref())]
fn future_generic<T: AsRef<str> + Send>(text: T) -> impl Future<Output = usize> + Send {
    async move {
        pause().await;
        text.as_ref().len()
    }
}

struct Service(u32);

impl Service {
    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn method(&self) -> impl Future<Output = u32> + '_ {
        async move {
            pause().await;
            self.0
        }
    }

    #[instrumented_operation(forms::FormRun)]
    fn mut_method(&mut self) -> impl Future<Output = u32> + '_ {
        self.0 += 1;
        async move {
            pause().await;
            self.0 += 1;
            self.0
        }
    }

    #[instrumented_operation(forms::FormRun)]
    fn by_value(self) -> impl Future<Output = u32> {
        async move {
            pause().await;
            self.0
        }
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_with_inner_block(count: u32) -> impl Future<Output = u32> {
    let start = {
        let half = count / 2;
        half + 1
    };
    async move {
        let inner = async move { start * 2 };
        pause().await;
        inner.await
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_awaiting_an_argument<F>(inner: F) -> impl Future<Output = &'static str>
where
    F: Future<Output = ()>,
{
    async move {
        inner.await;
        "done"
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_captures<'a>(text: &'a String) -> impl Future<Output = usize> + use<'a> {
    async move {
        pause().await;
        text.len()
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_async_block_without_await(count: u32) -> impl Future<Output = u32> {
    async move { count }
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn parses_in_the_future(
    text: &str,
) -> impl Future<Output = Result<u8, std::num::ParseIntError>> + '_ {
    async move {
        pause().await;
        text.parse()
    }
}

#[instrumented_operation(forms::FormRun)]
fn succeeds_in_the_future(count: u8) -> impl Future<Output = Result<u8, Broken>> {
    async move {
        pause().await;
        Ok(count)
    }
}
