//! `UnwindSafe` and `RefUnwindSafe` of futures. See row 11 of the log of failures in `docs/differential.md`.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "unwind_of_nothing",
        || unwind_traits!(unwind_of_nothing()),
        &[],
    ),
    form(
        "unwind_of_arguments",
        || unwind_traits!(unwind_of_arguments("a", vec![1])),
        &[],
    ),
    form(
        "unwind_of_a_mut_reference",
        || unwind_traits!(unwind_of_a_mut_reference(&mut 1)),
        &[],
    ),
    form(
        "unwind_of_a_cell",
        || unwind_traits!(unwind_of_a_cell(&std::cell::Cell::new(1))),
        &[],
    ),
    form(
        "unwind_of_an_error",
        || unwind_traits!(unwind_of_an_error()),
        &[],
    ),
    form(
        "unwind_of_a_method",
        || unwind_traits!(Work(1).unwind_of_a_method()),
        &[],
    ),
    form(
        "unwind_of_a_future",
        || unwind_traits!(unwind_of_a_future(1)),
        &[],
    ),
    form(
        "unwind_with_a_handle",
        || unwind_traits!(unwind_with_a_handle(1)),
        &[],
    ),
    form("unwind_boxed", || unwind_traits!(unwind_boxed(1)), &[]),
    form(
        "unwind_caught",
        || show(block_on(caught(unwind_of_a_panic()))),
        &[Failure("panic", &[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn unwind_of_nothing() {
    pause().await;
}

#[instrumented_operation(forms::FormRun, work.name = name)]
async fn unwind_of_arguments(name: &str, items: Vec<u8>) -> usize {
    std::future::ready(()).await;
    name.len() + items.len()
}

#[instrumented_operation(forms::FormRun)]
async fn unwind_of_a_mut_reference(count: &mut u8) {
    std::future::ready(()).await;
    *count += 1;
}

#[instrumented_operation(forms::FormRun)]
async fn unwind_of_a_cell(count: &std::cell::Cell<u8>) -> u8 {
    std::future::ready(()).await;
    count.get()
}

#[instrumented_operation(forms::FormRun)]
async fn unwind_of_an_error() -> Result<u8, Broken> {
    std::future::ready(()).await;
    Err(Broken)
}

struct Work(u8);

impl Work {
    #[instrumented_operation(forms::FormRun)]
    async fn unwind_of_a_method(&self) -> u8 {
        std::future::ready(()).await;
        self.0
    }
}

#[instrumented_operation(forms::FormRun)]
fn unwind_of_a_future(count: u8) -> impl Future<Output = u8> {
    async move {
        std::future::ready(()).await;
        count
    }
}

#[allow(unused_variables)] // The handle exists only with the attribute.
#[instrumented_operation(forms::FormRun as op)]
async fn unwind_with_a_handle(count: u8) -> u8 {
    std::future::ready(()).await;
    count
}

#[instrumented_operation(forms::FormRun)]
fn unwind_boxed(
    count: u8,
) -> Pin<Box<dyn Future<Output = u8> + std::panic::UnwindSafe + std::panic::RefUnwindSafe>> {
    Box::pin(async move {
        std::future::ready(()).await;
        count
    })
}

#[instrumented_operation(forms::FormRun)]
async fn unwind_of_a_panic() -> u8 {
    std::future::ready(()).await;
    panic!("caught by the caller")
}

/// Catches a panic of a poll, like `catch_unwind` of `futures`, which requires `UnwindSafe`.
async fn caught<F>(future: F) -> Result<F::Output, String>
where
    F: Future + std::panic::UnwindSafe,
{
    let mut future = std::panic::AssertUnwindSafe(Box::pin(future));
    let poll = std::panic::catch_unwind(move || first_poll(future.0.as_mut()));
    match poll {
        Ok(std::task::Poll::Ready(output)) => Ok(output),
        Ok(std::task::Poll::Pending) => Err(String::from("pending")),
        Err(payload) => Err(payload
            .downcast::<&'static str>()
            .map_or_else(|_| String::new(), |text| text.to_string())),
    }
}
