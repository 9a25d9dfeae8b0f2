//! Caller locations: in functions that the body calls, and in operations under `#[track_caller]`.

use super::prelude::*;
use crate::support::location_text;
use std::panic::Location;

pub(crate) const FORMS: &[Form] = &[
    form("caller_in_the_body", || show(caller_in_the_body()), SUCCESS),
    form("caller_in_the_tail", || show(caller_in_the_tail()), SUCCESS),
    form(
        "caller_in_a_closure",
        || show(caller_in_a_closure()),
        SUCCESS,
    ),
    form("caller_in_a_macro", || show(caller_in_a_macro()), SUCCESS),
    form(
        "line_and_column_in_the_body",
        || show(line_and_column_in_the_body()),
        SUCCESS,
    ),
    form("caller_kept", || show(caller_kept()), SUCCESS),
    form(
        "caller_kept_with_arguments",
        || show(caller_kept_with_arguments(1, "b")),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "caller_kept_by_a_generic",
        || show(caller_kept_by_a_generic::<_, 2>(1_u8)),
        SUCCESS,
    ),
    form(
        "caller_kept_by_a_method",
        || show(Tracked(7).caller_kept_by_a_method()),
        &[Success(&[("work.count", "7")])],
    ),
    form(
        "caller_kept_by_an_owning_method",
        || show(Tracked(7).caller_kept_by_an_owning_method(Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "caller_kept_by_an_associated_function",
        || show(Tracked::caller_kept_by_an_associated_function()),
        SUCCESS,
    ),
    form(
        "caller_kept_through_two",
        || show(caller_kept_through_two()),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "caller_kept_by_a_failure",
        || show(caller_kept_by_a_failure()),
        &[Failure("broken", &[])],
    ),
    form(
        "caller_of_a_panic",
        || show(caller_of_a_panic(0)),
        &[Failure("panic", &[])],
    ),
    form(
        "track_caller_through_a_function_pointer",
        || {
            let pointer: fn() -> String = caller_kept;
            let _ = pointer();
            show(())
        },
        SUCCESS,
    ),
    form(
        "async_caller_in_the_body",
        || drive!(async_caller_in_the_body()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_caller_of_a_panic",
        || show(block_on(async_caller_of_a_panic(None))),
        &[Failure("panic", &[])],
    ),
    form(
        "boxed_caller_in_the_body",
        || drive!(boxed_caller_in_the_body()),
        SUCCESS_AND_CANCELLED,
    ),
];

#[track_caller]
fn caller() -> String {
    location_text(Location::caller())
}

#[instrumented_operation(forms::FormRun)]
fn caller_in_the_body() -> u8 {
    note_caller();
    let location = caller();
    note(location);
    1
}

#[instrumented_operation(forms::FormRun)]
fn caller_in_the_tail() -> String {
    caller()
}

#[instrumented_operation(forms::FormRun)]
fn caller_in_a_closure() -> String {
    let call = || caller();
    call()
}

macro_rules! here {
    () => {
        caller()
    };
}

#[instrumented_operation(forms::FormRun)]
fn caller_in_a_macro() -> String {
    here!()
}

#[instrumented_operation(forms::FormRun)]
fn line_and_column_in_the_body() -> (u32, u32) {
    let (line, column) = (line!(), column!());
    (line, column)
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn caller_kept() -> String {
    location_text(Location::caller())
}

#[track_caller]
#[instrumented_operation(forms::FormRun, work.count = count)]
fn caller_kept_with_arguments(mut count: u8, _: &str) -> (u8, String) {
    count += 1;
    (count, caller())
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn caller_kept_by_a_generic<T: Into<u64>, const N: usize>(value: T) -> (u64, usize, String) {
    (value.into(), N, caller())
}

struct Tracked(u8);

impl Tracked {
    #[track_caller]
    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    pub(crate) fn caller_kept_by_a_method(&self) -> String {
        caller()
    }

    #[track_caller]
    #[instrumented_operation(forms::FormRun)]
    pub(crate) fn caller_kept_by_an_owning_method(mut self, argument: Noisy) -> (u8, String) {
        self.0 += 1;
        argument.touch();
        (self.0, caller())
    }

    #[track_caller]
    #[instrumented_operation(forms::FormRun)]
    pub(crate) fn caller_kept_by_an_associated_function() -> String {
        caller()
    }
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn caller_kept_through_two() -> String {
    caller_kept()
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn caller_kept_by_a_failure() -> Result<(), Broken> {
    note_caller();
    Err(Broken)
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn caller_of_a_panic(count: u8) -> u8 {
    assert!(count > 0, "at the caller");
    count
}

#[instrumented_operation(forms::FormRun)]
async fn async_caller_in_the_body() -> String {
    note_caller();
    pause().await;
    caller()
}

#[instrumented_operation(forms::FormRun)]
async fn async_caller_of_a_panic(value: Option<u8>) -> u8 {
    pause().await;
    value.unwrap()
}

#[instrumented_operation(forms::FormRun)]
fn boxed_caller_in_the_body() -> Pin<Box<dyn Future<Output = String>>> {
    note_caller();
    Box::pin(async move {
        pause().await;
        caller()
    })
}
