//! Drop times of a future's arguments, locals and captures: at the end, after one poll, without a poll.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "async_drops_one_argument",
        || drive!(async_drops_one_argument(Noisy("a"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_locals",
        || drive!(async_drops_locals()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_before_a_pause",
        || drive!(async_drops_before_a_pause(Noisy("a"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_in_blocks",
        || drive!(async_drops_in_blocks()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_on_question_mark",
        || drive!(async_drops_on_question_mark(Noisy("a"))),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "async_moves_into_the_result",
        || drive!(async_moves_into_the_result(Noisy("a"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_holds_a_guard",
        || drive!(async_holds_a_guard(&Noisy("held"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_drops_locals",
        || drive!(boxed_drops_locals(Noisy("a"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_drops_what_it_captures",
        || drive!(future_drops_what_it_captures(Noisy("a"), Noisy("b"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_drops_what_it_does_not_capture",
        || {
            drive!(boxed_drops_what_it_does_not_capture(
                Noisy("first"),
                Noisy("second")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_drops_what_it_does_not_capture",
        || {
            drive!(future_drops_what_it_does_not_capture(
                Noisy("first"),
                Noisy("second")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn async_drops_one_argument(argument: Noisy) {
    pause().await;
    argument.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_locals() {
    let _first = Noisy("first");
    pause().await;
    let _second = Noisy("second");
    pause().await;
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_before_a_pause(argument: Noisy) {
    drop(argument);
    pause().await;
    note("end");
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_in_blocks() -> &'static str {
    let name = {
        let inner = Noisy("inner");
        pause().await;
        inner.touch()
    };
    let _outer = Noisy("outer");
    name
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_on_question_mark(argument: Noisy) -> Result<(), Broken> {
    let _local = Noisy("local");
    pause().await;
    argument.touch();
    Err::<(), Broken>(Broken)?;
    Ok(())
}

#[instrumented_operation(forms::FormRun)]
async fn async_moves_into_the_result(argument: Noisy) -> Noisy {
    let _local = Noisy("local");
    pause().await;
    argument
}

#[instrumented_operation(forms::FormRun)]
async fn async_holds_a_guard(held: &Noisy) -> usize {
    let guard = held.guard();
    pause().await;
    guard.len()
}

#[instrumented_operation(forms::FormRun)]
fn boxed_drops_locals(argument: Noisy) -> Pin<Box<dyn Future<Output = &'static str>>> {
    let _before = Noisy("before");
    Box::pin(async move {
        let _local = Noisy("local");
        pause().await;
        argument.touch()
    })
}

#[instrumented_operation(forms::FormRun)]
fn future_drops_what_it_captures(
    first: Noisy,
    second: Noisy,
) -> impl Future<Output = &'static str> {
    async move {
        pause().await;
        first.touch();
        second.touch()
    }
}

#[instrumented_operation(forms::FormRun)]
fn boxed_drops_what_it_does_not_capture(
    first: Noisy,
    _second: Noisy,
) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        pause().await;
        first.touch();
    })
}

#[instrumented_operation(forms::FormRun)]
fn future_drops_what_it_does_not_capture(first: Noisy, _second: Noisy) -> impl Future<Output = ()> {
    async move {
        pause().await;
        first.touch();
    }
}
