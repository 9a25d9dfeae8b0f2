//! Drop order of arguments, and drops inside the operation: arguments that the body uses, uses in part or does not use. See
//! row 9 of the log of failures in `docs/differential.md`.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "async_owned_and_dropped",
        || drive!(async_owned_and_dropped(Noisy("a"), Noisy("b"))),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "drops_an_argument_inside",
        || show(drops_an_argument_inside(Inside("a"))),
        SUCCESS,
    ),
    form(
        "async_cancelled_inside",
        || show(first_poll(async_cancelled_inside(Inside("a"))).is_pending()),
        &[Cancelled(&[])],
    ),
    form(
        "async_ended_inside",
        || show(block_on(async_cancelled_inside(Inside("a")))),
        SUCCESS,
    ),
    form(
        "drops_an_unused_argument",
        || show(drops_an_unused_argument(Noisy("first"), Noisy("second"))),
        SUCCESS,
    ),
    form(
        "drops_a_wildcard_argument",
        || {
            show(drops_a_wildcard_argument(
                Noisy("first"),
                Noisy("wildcard"),
                Noisy("last"),
            ))
        },
        SUCCESS,
    ),
    form(
        "drops_an_argument_used_by_field",
        || show(drops_an_argument_used_by_field(two(), Noisy("other"))),
        SUCCESS,
    ),
    form(
        "drops_the_rest_of_a_pattern",
        || {
            show(drops_the_rest_of_a_pattern(
                (Noisy("bound"), Noisy("rest")),
                Noisy("last"),
            ))
        },
        SUCCESS,
    ),
    form(
        "drops_bindings_and_unused_arguments",
        || {
            show(drops_bindings_and_unused_arguments(
                (Noisy("0"), Noisy("1")),
                Noisy("2"),
            ))
        },
        SUCCESS,
    ),
    form(
        "drops_unused_arguments_on_return",
        || {
            show(drops_unused_arguments_on_return(
                Noisy("first"),
                Noisy("second"),
            ))
        },
        &[Failure("broken", &[])],
    ),
    form(
        "drops_unused_arguments_on_panic",
        || {
            show(drops_unused_arguments_on_panic(
                Noisy("first"),
                Noisy("second"),
            ))
        },
        PANIC,
    ),
    form(
        "drops_arguments_before_temporaries",
        || {
            show(drops_arguments_before_temporaries(
                Noisy("first"),
                Noisy("second"),
            ))
        },
        SUCCESS,
    ),
    form(
        "drops_unused_self",
        || show(Owner(Noisy("own")).drops_unused_self(Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "drops_self_used_by_field",
        || {
            show(
                Pair {
                    used: Noisy("used"),
                    unused: Noisy("unused"),
                }
                .drops_self_used_by_field(Noisy("argument")),
            )
        },
        SUCCESS,
    ),
    form(
        "drops_an_unused_argument_inside",
        || show(drops_an_unused_argument_inside(Inside("a"))),
        SUCCESS,
    ),
    form(
        "drops_a_wildcard_argument_inside",
        || show(drops_a_wildcard_argument_inside(Inside("a"))),
        SUCCESS,
    ),
    form(
        "drops_an_unused_self_inside",
        || show(Within(Inside("own")).drops_an_unused_self_inside()),
        SUCCESS,
    ),
    form(
        "drops_the_rest_of_a_pattern_inside",
        || {
            show(drops_the_rest_of_a_pattern_inside((
                Inside("bound"),
                Inside("rest"),
            )))
        },
        SUCCESS,
    ),
    form(
        "async_drops_an_unused_argument",
        || {
            drive!(async_drops_an_unused_argument(
                Noisy("first"),
                Noisy("second")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_a_wildcard_argument",
        || {
            drive!(async_drops_a_wildcard_argument(
                Noisy("first"),
                Noisy("wildcard"),
                Noisy("last")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_an_argument_used_by_field",
        || drive!(async_drops_an_argument_used_by_field(two(), Noisy("other"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_the_rest_of_a_pattern",
        || {
            drive!(async_drops_the_rest_of_a_pattern(
                (Noisy("bound"), Noisy("rest")),
                Noisy("last")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_arguments_in_reverse",
        || {
            drive!(async_drops_arguments_in_reverse(
                Noisy("first"),
                Noisy("second")
            ))
        },
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_unused_arguments_on_panic",
        || {
            show(block_on(async_drops_unused_arguments_on_panic(
                Noisy("first"),
                Noisy("second"),
            )))
        },
        PANIC,
    ),
    form(
        "async_drops_unused_self",
        || drive!(Owner(Noisy("own")).async_drops_unused_self(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_drops_an_unused_argument_inside",
        || show(block_on(async_drops_an_unused_argument_inside(Inside("a")))),
        SUCCESS,
    ),
    form(
        "never_returning_with_an_unused_argument",
        || never_returning_with_an_unused_argument(Noisy("first"), Noisy("second")),
        PANIC,
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn async_owned_and_dropped(first: Noisy, second: Noisy) -> &'static str {
    pause().await;
    drop(first);
    second.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_argument_inside(argument: Inside) {
    note(argument.0);
}

#[instrumented_operation(forms::FormRun)]
async fn async_cancelled_inside(argument: Inside) -> &'static str {
    let _local = Inside("local");
    pause().await;
    argument.0
}

struct Two {
    first: Noisy,
    second: Noisy,
}

fn two() -> Two {
    Two {
        first: Noisy("first"),
        second: Noisy("second"),
    }
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_unused_argument(first: Noisy, second: Noisy) -> &'static str {
    first.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_a_wildcard_argument(first: Noisy, _: Noisy, last: Noisy) {
    let _local = Noisy("local");
    last.touch();
    first.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_argument_used_by_field(two: Two, other: Noisy) {
    two.second.touch();
    other.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_the_rest_of_a_pattern((bound, _): (Noisy, Noisy), last: Noisy) {
    bound.touch();
    last.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_bindings_and_unused_arguments((_zero, one): (Noisy, Noisy), _two: Noisy) {
    one.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_unused_arguments_on_return(first: Noisy, _second: Noisy) -> Result<(), Broken> {
    let _local = Noisy("local");
    first.touch();
    Err(Broken)?;
    Ok(())
}

#[instrumented_operation(forms::FormRun)]
fn drops_unused_arguments_on_panic(first: Noisy, _second: Noisy) {
    let _local = Noisy("local");
    panic!("{}", first.touch());
}

#[instrumented_operation(forms::FormRun)]
fn drops_arguments_before_temporaries(first: Noisy, _second: Noisy) -> usize {
    first.guard().len()
}

struct Owner(Noisy);

impl Owner {
    #[instrumented_operation(forms::FormRun)]
    fn drops_unused_self(self, argument: Noisy) -> &'static str {
        argument.touch()
    }

    #[instrumented_operation(forms::FormRun)]
    async fn async_drops_unused_self(self, argument: Noisy) -> &'static str {
        pause().await;
        argument.touch()
    }
}

struct Pair {
    used: Noisy,
    unused: Noisy,
}

impl Pair {
    #[instrumented_operation(forms::FormRun)]
    fn drops_self_used_by_field(self, _argument: Noisy) -> &'static str {
        self.used.touch()
    }
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_unused_argument_inside(argument: Inside) {
    note("body");
}

#[instrumented_operation(forms::FormRun)]
fn drops_a_wildcard_argument_inside(_: Inside) {
    note("body");
}

struct Within(Inside);

impl Within {
    #[instrumented_operation(forms::FormRun)]
    fn drops_an_unused_self_inside(self) {
        note("body");
    }
}

#[instrumented_operation(forms::FormRun)]
fn drops_the_rest_of_a_pattern_inside((bound, _): (Inside, Inside)) {
    note(bound.0);
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_an_unused_argument(first: Noisy, _second: Noisy) {
    pause().await;
    first.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_a_wildcard_argument(first: Noisy, _: Noisy, last: Noisy) {
    pause().await;
    last.touch();
    first.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_an_argument_used_by_field(two: Two, other: Noisy) {
    pause().await;
    two.second.touch();
    other.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_the_rest_of_a_pattern((bound, _): (Noisy, Noisy), _last: Noisy) {
    pause().await;
    bound.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_arguments_in_reverse(first: Noisy, second: Noisy) {
    pause().await;
    first.touch();
    second.touch();
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_unused_arguments_on_panic(first: Noisy, _second: Noisy) {
    pause().await;
    panic!("{}", first.touch());
}

#[instrumented_operation(forms::FormRun)]
async fn async_drops_an_unused_argument_inside(_argument: Inside) {
    pause().await;
}

#[instrumented_operation(forms::FormRun)]
fn never_returning_with_an_unused_argument(first: Noisy, _second: Noisy) -> ! {
    panic!("{}", first.touch());
}
