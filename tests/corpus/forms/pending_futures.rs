//! TODO

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "boxed_without_pin",
        || drive!(Pin::from(boxed_without_pin(3))),
        BOTH,
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
