//! TODO

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "later_owned_and_dropped",
        || drive!(later_owned_and_dropped(Noisy("a"), Noisy("b"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "drops_an_argument_inside",
        || show(drops_an_argument_inside(Inside("a"))),
        NONE,
    ),
    form(
        "later_cancelled_inside",
        || show(first_poll(later_cancelled_inside(Inside("a"))).is_pending()),
        &[Cancelled(&[])],
    ),
    form(
        "later_ended_inside",
        || show(block_on(later_cancelled_inside(Inside("a")))),
        NONE,
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn later_owned_and_dropped(first: Noisy, second: Noisy) -> &'static str {
    pause().await;
    drop(first);
    second.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_argument_inside(argument: Inside) {
    note(argument.0);
}

#[instrumented_operation(forms::FormRun)]
async fn later_cancelled_inside(argument: Inside) -> &'static str {
    let _local = Inside("local");
    pause().await;
    argument.0
}
