//! Return types that do not show whether the function failed, for an operation that lists `errors`.

#![deny(deprecated)]

use std::fmt::Display;
use std::future::Future;
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::StrictRun, work.name = "a", ok(|_| work.count = 1))]
async fn handler() -> impl Display {
    "500"
}

#[instrumented_operation(forms::StrictRun, work.name = "b", ok(|_| work.count = 1))]
fn future() -> impl Future<Output = impl Display> {
    async { "500" }
}

// An outcome that is shown, or told by `err(…)`, needs no warning.
#[instrumented_operation(forms::StrictRun, work.name = "c", ok(|_| work.count = 1), err(|_| None::<forms::ErrorType>))]
async fn told() -> impl Display {
    "200"
}

// An operation that lists no errors needs none.
#[instrumented_operation(forms::FormRun)]
async fn unlisted() -> impl Display {
    "200"
}

fn main() {}
