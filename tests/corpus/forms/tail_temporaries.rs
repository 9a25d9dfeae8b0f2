//! Whether the temporaries of a tail expression or the locals of the body are dropped first, which depends on the edition.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "temporary_beside_a_local",
        || show(temporary_beside_a_local(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_in_a_match",
        || show(temporary_in_a_match(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_before_a_question_mark",
        || show(temporary_before_a_question_mark(&Noisy("argument"))),
        &[Failure("broken", &[])],
    ),
    form(
        "temporary_in_a_block_at_the_end",
        || show(temporary_in_a_block_at_the_end(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "async_temporary_beside_a_local",
        || drive!(async_temporary_beside_a_local(&Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_temporary_across_a_pause",
        || drive!(async_temporary_across_a_pause(&Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_temporary",
        || drive!(boxed_temporary(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "panics_in_a_temporary",
        || show(panics_in_a_temporary(&Noisy("argument"))),
        PANIC,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn temporary_beside_a_local(held: &Noisy) -> usize {
    let _local = Noisy("local");
    held.guard().len() + Noisy("temporary").touch().len()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_match(held: &Noisy) -> &'static str {
    let _local = Noisy("local");
    match held.guard().len() {
        8 => {
            note("inside");
            "eight"
        }
        _ => "other",
    }
}

#[instrumented_operation(forms::FormRun)]
fn temporary_before_a_question_mark(held: &Noisy) -> Result<usize, Broken> {
    let _local = Noisy("local");
    Ok(held.guard().len().checked_sub(99).ok_or(Broken)?)
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_block_at_the_end(held: &Noisy) -> usize {
    let _local = Noisy("local");
    {
        let _inner = Noisy("inner");
        held.guard().len()
    }
}

#[instrumented_operation(forms::FormRun)]
async fn async_temporary_beside_a_local(held: &Noisy) -> usize {
    let _local = Noisy("local");
    pause().await;
    held.guard().len() + Noisy("temporary").touch().len()
}

#[instrumented_operation(forms::FormRun)]
async fn async_temporary_across_a_pause(held: &Noisy) -> usize {
    async fn waits(length: usize) -> usize {
        pause().await;
        length
    }
    let _local = Noisy("local");
    waits(held.guard().len()).await
}

#[instrumented_operation(forms::FormRun)]
fn boxed_temporary(held: Noisy) -> Pin<Box<dyn Future<Output = usize>>> {
    Box::pin(async move {
        let _local = Noisy("local");
        pause().await;
        held.guard().len()
    })
}

#[instrumented_operation(forms::FormRun)]
fn panics_in_a_temporary(held: &Noisy) -> usize {
    let _local = Noisy("local");
    held.guard().len() + [1_usize, 2][held.guard().len()]
}
