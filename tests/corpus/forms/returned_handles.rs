//! Futures that are returned as handles, under `ends_at_return`: the operation covers only the call, not the future.
//! See row 8 of the log of failures in `docs/differential.md`.

use super::prelude::*;
use std::task::{Context, Poll};

pub(crate) const FORMS: &[Form] = &[
    form(
        "call_that_returns_a_handle",
        || {
            let reply = call_that_returns_a_handle(3);
            note("returned");
            show(block_on(reply))
        },
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "call_of_a_method",
        || show(block_on(Actor(4).call_of_a_method())),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "call_that_fails_before_the_handle",
        || show(call_that_fails_before_the_handle(0).is_err()),
        &[Failure("broken", &[])],
    ),
    form(
        "call_that_returns_a_boxed_future",
        || show(block_on(call_that_returns_a_boxed_future())),
        SUCCESS,
    ),
    form(
        "call_that_returns_an_opaque_future",
        || {
            let future = call_that_returns_an_opaque_future();
            note("returned");
            show(block_on(future))
        },
        SUCCESS,
    ),
    form(
        "call_whose_handle_is_dropped",
        || {
            drop(call_that_returns_a_handle(3));
            show(())
        },
        &[Success(&[("work.count", "3")])],
    ),
];

struct Reply(u8);

impl Future for Reply {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
        note("polled");
        Poll::Ready(self.0)
    }
}

#[instrumented_operation(forms::FormRun, ends_at_return, work.count = count)]
fn call_that_returns_a_handle(count: u8) -> Reply {
    note("called");
    Reply(count)
}

struct Actor(u8);

impl Actor {
    #[instrumented_operation(forms::FormRun, ends_at_return, work.count = self.0)]
    fn call_of_a_method(&self) -> Reply {
        Reply(self.0)
    }
}

#[instrumented_operation(forms::FormRun, ends_at_return)]
fn call_that_fails_before_the_handle(count: u8) -> Result<Reply, Broken> {
    if count == 0 {
        return Err(Broken);
    }
    Ok(Reply(count))
}

#[instrumented_operation(forms::FormRun, ends_at_return)]
fn call_that_returns_a_boxed_future() -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async { 1 })
}

#[instrumented_operation(forms::FormRun, ends_at_return)]
fn call_that_returns_an_opaque_future() -> impl Future<Output = u8> {
    note("called");
    async {
        note("polled");
        2
    }
}
