//! Caller locations: of functions in the body, and of functions under `#[track_caller]`.

use super::prelude::*;
use crate::support::location_text;
use std::panic::Location;

pub(crate) const FORMS: &[Form] = &[
    form("caller_in_the_body", || show(caller_in_the_body()), NONE),
    form("caller_in_the_tail", || show(caller_in_the_tail()), NONE),
    form("caller_in_a_closure", || show(caller_in_a_closure()), NONE),
    form("caller_in_a_macro", || show(caller_in_a_macro()), NONE),
    form(
        "caller_without_the_attribute",
        || show(caller_without_the_attribute()),
        NONE,
    ),
    form("caller_kept", || show(caller_kept()), NONE),
    form(
        "caller_kept_with_arguments",
        || show(caller_kept_with_arguments(1, "b")),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "caller_kept_by_a_generic",
        || show(caller_kept_by_a_generic::<_, 2>(1_u8)),
        NONE,
    ),
    form(
        "caller_kept_by_a_method",
        || show(Tracked(7).caller_kept_by_a_method()),
        &[Success(&[("work.count", "7")])],
    ),
    form(
        "caller_kept_by_an_owning_method",
        || show(Tracked(7).caller_kept_by_an_owning_method(Noisy("argument"))),
        NONE,
    ),
    form(
        "caller_kept_by_an_associated_function",
        || show(Tracked::caller_kept_by_an_associated_function()),
        NONE,
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
        "caller_kept_to_a_pointer",
        || {
            let pointer: fn() -> String = caller_kept;
            let _ = pointer();
            show(())
        },
        NONE,
    ),
    form(
        "later_caller_in_the_body",
        || drive!(later_caller_in_the_body()),
        BOTH,
    ),
    form(
        "later_caller_of_a_panic",
        || show(block_on(later_caller_of_a_panic(None))),
        &[Failure("panic", &[])],
    ),
    form(
        "boxed_caller_in_the_body",
        || drive!(boxed_caller_in_the_body()),
        BOTH,
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
fn caller_without_the_attribute() -> (u32, u32) {
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
async fn later_caller_in_the_body() -> String {
    note_caller();
    pause().await;
    caller()
}

#[instrumented_operation(forms::FormRun)]
async fn later_caller_of_a_panic(value: Option<u8>) -> u8 {
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
