//! Returned values that contain a success or a failure, and values that only resemble them.

use super::prelude::*;

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::task::Poll;

const BROKEN: &[Operation] = &[Failure("broken", &[])];

pub(crate) const FORMS: &[Form] = &[
    form("result_of_a_unit", || show(result_of_a_unit(true)), BROKEN),
    form(
        "result_of_a_result_outer",
        || show(result_of_a_result(0)),
        BROKEN,
    ),
    form(
        "result_of_a_result_inner",
        || show(result_of_a_result(1)),
        BROKEN,
    ),
    form(
        "result_of_a_result_fine",
        || show(result_of_a_result(2)),
        SUCCESS,
    ),
    form(
        "result_of_an_option",
        || show(result_of_an_option(None)),
        SUCCESS,
    ),
    form(
        "result_of_a_reference",
        || show(result_of_a_reference(&[])),
        BROKEN,
    ),
    form(
        "result_of_a_mut_reference",
        || {
            let mut items = [1];
            result_of_a_mut_reference(&mut items)
                .map(|item| *item = 2)
                .ok();
            show(items)
        },
        SUCCESS,
    ),
    form(
        "result_with_a_static_error",
        || show(result_with_a_static_error(0)),
        &[Failure("late", &[])],
    ),
    form(
        "result_with_a_boxed_error",
        || show(result_with_a_boxed_error("x").is_err()),
        &[Failure("late", &[])],
    ),
    form(
        "result_never_failing",
        || show(result_never_failing()),
        SUCCESS,
    ),
    form(
        "result_of_never",
        || show(result_of_never().is_err()),
        BROKEN,
    ),
    form(
        "result_by_reference",
        || show(result_by_reference(&Err(Broken))),
        BROKEN,
    ),
    form("result_in_a_tuple", || show(result_in_a_tuple()), SUCCESS),
    form("result_in_a_vector", || show(result_in_a_vector()), SUCCESS),
    form(
        "results_collected",
        || show(results_collected(&["1", "x"])),
        BROKEN,
    ),
    form(
        "results_summed",
        || show(results_summed(&[Ok(1), Ok(2)])),
        SUCCESS,
    ),
    form("option_none", || show(option_none()), SUCCESS),
    form(
        "option_of_an_option",
        || show(option_of_an_option()),
        SUCCESS,
    ),
    form("poll_ready", || show(poll_ready(true)), SUCCESS),
    form("poll_pending", || show(poll_ready(false)), SUCCESS),
    form(
        "control_flow_continues",
        || show(control_flow(&[1, 2])),
        SUCCESS,
    ),
    form(
        "control_flow_breaks",
        || show(control_flow(&[1, 0])),
        SUCCESS,
    ),
    form("exit_code", || show(exit_code()), SUCCESS),
    form("boolean_false", || show(boolean_false()), SUCCESS),
    form("ordering", || show(ordering(1, 2)), SUCCESS),
    form(
        "error_returned_as_a_value",
        || show(error_returned_as_a_value()),
        SUCCESS,
    ),
    form(
        "error_mapped_by_its_kind",
        || show(error_mapped_by_its_kind("late")),
        &[Failure("late", &[])],
    ),
    form(
        "error_that_is_no_failure",
        || show(error_that_is_no_failure()),
        SUCCESS,
    ),
    form(
        "generic_that_fails",
        || show(generic_that_fails(Err::<u8, _>(Broken))),
        BROKEN,
    ),
    form(
        "generic_that_succeeds",
        || show(generic_that_fails(Ok::<u8, _>(1))),
        SUCCESS,
    ),
    form(
        "value_recorded_on_success",
        || show(value_recorded_on_success("abc")),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "value_not_recorded_on_failure",
        || show(value_recorded_on_success("")),
        BROKEN,
    ),
    form(
        "plain_value_recorded",
        || show(plain_value_recorded(4)),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "async_result_of_a_result",
        || drive!(async_result_of_a_result(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "async_poll",
        || drive!(async_poll()),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "async_recorded_on_success",
        || drive!(async_recorded_on_success(Ok(3))),
        &[Success(&[("work.count", "3")]), Cancelled(&[])],
    ),
    form(
        "boxed_recorded_on_success",
        || drive!(boxed_recorded_on_success(3)),
        &[Success(&[("work.count", "3")]), Cancelled(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn result_of_a_unit(fails: bool) -> Result<(), Broken> {
    if fails { Err(Broken) } else { Ok(()) }
}

/// Nested `Result`s: 0 fails in the outer one, 1 in the inner one.
#[instrumented_operation(forms::FormRun)]
fn result_of_a_result(count: u8) -> Result<Result<u8, Broken>, Broken> {
    match count {
        0 => Err(Broken),
        1 => Ok(Err(Broken)),
        more => Ok(Ok(more)),
    }
}

#[instrumented_operation(forms::FormRun)]
fn result_of_an_option(value: Option<u8>) -> Result<Option<u8>, Broken> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(value))
}

#[instrumented_operation(forms::FormRun)]
fn result_of_a_reference(items: &[u8]) -> Result<&u8, Broken> {
    items.first().ok_or(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn result_of_a_mut_reference(items: &mut [u8]) -> Result<&mut u8, Broken> {
    items.first_mut().ok_or(Broken)
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn result_with_a_static_error(count: u8) -> Result<u8, &'static str> {
    count.checked_sub(1).ok_or("too few")
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn result_with_a_boxed_error(text: &str) -> Result<u8, Box<dyn std::error::Error>> {
    if text.len() > 3 {
        return Err("too long".into());
    }
    Ok(text.parse()?)
}

#[instrumented_operation(forms::FormRun)]
fn result_never_failing() -> Result<u8, std::convert::Infallible> {
    Ok(1)
}

#[instrumented_operation(forms::FormRun)]
fn result_of_never() -> Result<std::convert::Infallible, Broken> {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn result_by_reference<'a>(result: &'a Result<u8, Broken>) -> Result<&'a u8, &'a Broken> {
    result.as_ref()
}

#[instrumented_operation(forms::FormRun)]
fn result_in_a_tuple() -> (Result<u8, Broken>, u8) {
    (Err(Broken), 1)
}

#[instrumented_operation(forms::FormRun)]
fn result_in_a_vector() -> Vec<Result<u8, Broken>> {
    vec![Ok(1), Err(Broken)]
}

#[instrumented_operation(forms::FormRun)]
fn results_collected(texts: &[&str]) -> Result<Vec<u8>, Broken> {
    texts
        .iter()
        .map(|text| text.parse().map_err(|_| Broken))
        .collect()
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn results_summed(items: &[Result<u8, u8>]) -> Result<u8, u8> {
    items.iter().copied().sum()
}

#[instrumented_operation(forms::FormRun)]
fn option_none() -> Option<u8> {
    None
}

#[instrumented_operation(forms::FormRun)]
fn option_of_an_option() -> Option<Option<u8>> {
    Some(None)
}

#[instrumented_operation(forms::FormRun)]
fn poll_ready(ready: bool) -> Poll<u8> {
    if ready { Poll::Ready(1) } else { Poll::Pending }
}

#[instrumented_operation(forms::FormRun)]
fn control_flow(items: &[u8]) -> ControlFlow<usize, u8> {
    let mut sum = 0;
    for (index, item) in items.iter().enumerate() {
        if *item == 0 {
            return ControlFlow::Break(index);
        }
        sum += item;
    }
    ControlFlow::Continue(sum)
}

#[instrumented_operation(forms::FormRun, err(|_| None))]
fn exit_code() -> ExitCode {
    ExitCode::from(3)
}

#[instrumented_operation(forms::FormRun)]
fn boolean_false() -> bool {
    false
}

#[instrumented_operation(forms::FormRun)]
fn ordering(left: u8, right: u8) -> std::cmp::Ordering {
    left.cmp(&right)
}

#[instrumented_operation(forms::FormRun)]
fn error_returned_as_a_value() -> Broken {
    Broken
}

#[instrumented_operation(forms::FormRun, err(|error| match error.as_str() {
    "late" => forms::ErrorType::Late,
    _ => forms::ErrorType::Broken,
}))]
fn error_mapped_by_its_kind(kind: &str) -> Result<u8, String> {
    Err(kind.to_owned())
}

#[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
fn error_that_is_no_failure() -> Result<u8, String> {
    Err(String::from("expected"))
}

#[allow(dead_code)] // Only the attribute uses it.
trait MayFail {
    fn failed(&self) -> bool;
}

impl<T> MayFail for Result<T, Broken> {
    fn failed(&self) -> bool {
        self.is_err()
    }
}

#[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
fn generic_that_fails<Out: MayFail>(value: Out) -> Out {
    value
}

#[instrumented_operation(forms::FormRun, ok(|length| work.count = length))]
fn value_recorded_on_success(text: &str) -> Result<usize, Broken> {
    if text.is_empty() {
        return Err(Broken);
    }
    Ok(text.len())
}

#[instrumented_operation(forms::FormRun, ok(|count| work.count = count))]
fn plain_value_recorded(count: u8) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun)]
async fn async_result_of_a_result(count: u8) -> Result<Result<u8, Broken>, Broken> {
    pause().await;
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(Ok(rest))
}

#[instrumented_operation(forms::FormRun)]
async fn async_poll() -> Poll<Option<u8>> {
    pause().await;
    Poll::Pending
}

#[instrumented_operation(forms::FormRun, ok(|count| work.count = count))]
async fn async_recorded_on_success(value: Result<u8, Broken>) -> Result<u8, Broken> {
    pause().await;
    let value = value?;
    Ok(value)
}

#[instrumented_operation(forms::FormRun, ok(|count| work.count = count))]
fn boxed_recorded_on_success(
    count: u8,
) -> Pin<Box<dyn Future<Output = Result<u8, Broken>> + Send>> {
    Box::pin(async move {
        pause().await;
        Ok(count)
    })
}
