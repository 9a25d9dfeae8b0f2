//! Drop times of arguments, locals and moved values.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "drops_one_argument",
        || show(drops_one_argument(Noisy("a"))),
        SUCCESS,
    ),
    form(
        "drops_used_arguments",
        || show(drops_used_arguments(Noisy("a"), Noisy("b"))),
        SUCCESS,
    ),
    form(
        "drops_locals_in_reverse",
        || show(drops_locals_in_reverse()),
        SUCCESS,
    ),
    form(
        "drops_arguments_after_locals",
        || show(drops_arguments_after_locals(Noisy("argument"))),
        SUCCESS,
    ),
    form("drops_early", || show(drops_early(Noisy("a"))), SUCCESS),
    form(
        "drops_on_assignment",
        || show(drops_on_assignment(Noisy("a"))),
        SUCCESS,
    ),
    form(
        "drops_shadowed_values_at_the_end",
        || show(drops_shadowed_values_at_the_end()),
        SUCCESS,
    ),
    form(
        "drops_underscore_at_once",
        || show(drops_underscore_at_once()),
        SUCCESS,
    ),
    form("drops_in_blocks", || show(drops_in_blocks()), SUCCESS),
    form("drops_in_loops", || show(drops_in_loops()), SUCCESS),
    form("drops_on_return", || show(drops_on_return(true)), SUCCESS),
    form(
        "drops_on_question_mark",
        || show(drops_on_question_mark(Noisy("argument"))),
        &[Failure("broken", &[])],
    ),
    form("drops_on_break", || show(drops_on_break()), SUCCESS),
    form(
        "drops_conditionally_moved",
        || {
            show((
                drops_conditionally_moved(Noisy("a"), true),
                drops_conditionally_moved(Noisy("b"), false),
            ))
        },
        &[Success(&[]), Success(&[])],
    ),
    form(
        "drops_fields_in_order",
        || show(drops_fields_in_order()),
        SUCCESS,
    ),
    form(
        "drops_the_rest_of_a_struct",
        || {
            show(drops_the_rest_of_a_struct(Two {
                first: Noisy("first"),
                second: Noisy("second"),
            }))
        },
        SUCCESS,
    ),
    form(
        "drops_elements_in_order",
        || show(drops_elements_in_order(vec![Noisy("0"), Noisy("1")])),
        SUCCESS,
    ),
    form(
        "moves_into_the_result",
        || show(moves_into_the_result(Noisy("a"), Noisy("b"))),
        SUCCESS,
    ),
    form(
        "moves_into_a_closure",
        || show(moves_into_a_closure(Noisy("a"))),
        SUCCESS,
    ),
    form(
        "returns_one_of_two",
        || show(returns_one_of_two(Noisy("a"), Noisy("b"), true)),
        SUCCESS,
    ),
    form("forgets", || show(forgets(Noisy("a"))), SUCCESS),
    form(
        "takes_from_an_option",
        || show(takes_from_an_option(&mut Some(Noisy("a")))),
        SUCCESS,
    ),
    form(
        "drops_a_field_by_move",
        || {
            show(drops_a_field_by_move(Two {
                first: Noisy("first"),
                second: Noisy("second"),
            }))
        },
        SUCCESS,
    ),
    form(
        "drops_boxed",
        || show(drops_boxed(Box::new(Noisy("boxed")))),
        SUCCESS,
    ),
    form(
        "drops_by_reference_count",
        || show(drops_by_reference_count(std::rc::Rc::new(Noisy("shared")))),
        SUCCESS,
    ),
    form(
        "drops_an_argument_moved_by_field",
        || show(drops_an_argument_moved_by_field(two(), Noisy("other"))),
        SUCCESS,
    ),
    form(
        "drops_an_early_moved_argument",
        || {
            show(drops_an_early_moved_argument(
                Noisy("first"),
                Noisy("second"),
            ))
        },
        SUCCESS,
    ),
    form(
        "drops_an_argument_of_an_attribute",
        || {
            show(drops_an_argument_of_an_attribute(
                Noisy("first"),
                Noisy("second"),
            ))
        },
        &[Success(&[("work.name", "first")])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn drops_one_argument(argument: Noisy) {
    argument.touch();
    note("end");
}

#[instrumented_operation(forms::FormRun)]
fn drops_used_arguments(second: Noisy, first: Noisy) {
    first.touch();
    second.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_locals_in_reverse() {
    let _first = Noisy("first");
    let _second = Noisy("second");
    let _inside = Inside("inside");
}

#[instrumented_operation(forms::FormRun)]
fn drops_arguments_after_locals(argument: Noisy) -> &'static str {
    let local = Noisy("local");
    local.touch();
    argument.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_early(argument: Noisy) {
    drop(argument);
    note("after");
}

#[instrumented_operation(forms::FormRun)]
#[allow(unused_assignments)] // The message of the lint differs under the attribute.
fn drops_on_assignment(mut argument: Noisy) {
    argument = Noisy("assigned");
    note("after");
    argument.touch();
}

#[instrumented_operation(forms::FormRun)]
fn drops_shadowed_values_at_the_end() -> &'static str {
    let value = Noisy("first");
    let value = Noisy(if value.touch() == "first" {
        "second"
    } else {
        "other"
    });
    value.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_underscore_at_once() {
    let _ = Noisy("at once");
    note("between");
    let _kept = Noisy("kept");
    note("end");
}

#[instrumented_operation(forms::FormRun)]
fn drops_in_blocks() -> &'static str {
    let name = {
        let inner = Noisy("inner");
        inner.touch()
    };
    note("outer");
    name
}

#[instrumented_operation(forms::FormRun)]
fn drops_in_loops() -> u8 {
    for name in ["a", "b", "c"] {
        let value = Noisy(name);
        if name == "b" {
            continue;
        }
        value.touch();
    }
    1
}

#[instrumented_operation(forms::FormRun)]
fn drops_on_return(early: bool) -> &'static str {
    let first = Noisy("first");
    if early {
        let _second = Noisy("second");
        return first.touch();
    }
    "late"
}

#[instrumented_operation(forms::FormRun)]
fn drops_on_question_mark(argument: Noisy) -> Result<(), Broken> {
    let _local = Noisy("local");
    argument.touch();
    Err::<(), Broken>(Broken)?;
    note("not here");
    Ok(())
}

#[instrumented_operation(forms::FormRun)]
fn drops_on_break() -> &'static str {
    'outer: loop {
        let _outer = Noisy("outer");
        loop {
            let inner = Noisy("inner");
            break 'outer inner.touch();
        }
    }
}

#[instrumented_operation(forms::FormRun)]
fn drops_conditionally_moved(argument: Noisy, moved: bool) -> Option<Noisy> {
    let _local = Noisy("local");
    if moved { Some(argument) } else { None }
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
fn drops_fields_in_order() {
    let _two = Two {
        second: Noisy("second"),
        first: Noisy("first"),
    };
    let _pair = (Noisy("0"), Noisy("1"));
}

#[instrumented_operation(forms::FormRun)]
fn drops_the_rest_of_a_struct(two: Two) -> Noisy {
    let Two { second, .. } = two;
    note("taken");
    second
}

#[instrumented_operation(forms::FormRun)]
fn drops_elements_in_order(items: Vec<Noisy>) -> usize {
    let _local = Noisy("local");
    items.len()
}

#[instrumented_operation(forms::FormRun)]
fn moves_into_the_result(first: Noisy, second: Noisy) -> (Noisy, Noisy) {
    (second, first)
}

#[instrumented_operation(forms::FormRun)]
fn moves_into_a_closure(argument: Noisy) -> &'static str {
    let use_up = move || argument.touch();
    note("before");
    let name = use_up();
    note("after");
    name
}

#[instrumented_operation(forms::FormRun)]
fn returns_one_of_two(first: Noisy, second: Noisy, is_first: bool) -> Noisy {
    if is_first { first } else { second }
}

#[instrumented_operation(forms::FormRun)]
fn forgets(argument: Noisy) {
    std::mem::forget(argument);
}

#[instrumented_operation(forms::FormRun)]
fn takes_from_an_option(slot: &mut Option<Noisy>) -> Option<&'static str> {
    let taken = slot.take()?;
    Some(taken.touch())
}

#[instrumented_operation(forms::FormRun)]
fn drops_a_field_by_move(two: Two) -> &'static str {
    drop(two.second);
    note("between");
    two.first.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_boxed(argument: Box<Noisy>) -> &'static str {
    let unboxed = *argument;
    unboxed.touch()
}

#[instrumented_operation(forms::FormRun)]
fn drops_by_reference_count(argument: std::rc::Rc<Noisy>) -> usize {
    let other = std::rc::Rc::clone(&argument);
    drop(argument);
    note("one left");
    std::rc::Rc::strong_count(&other)
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_argument_moved_by_field(two: Two, other: Noisy) -> Noisy {
    other.touch();
    two.second
}

#[instrumented_operation(forms::FormRun)]
fn drops_an_early_moved_argument(first: Noisy, second: Noisy) {
    drop(second);
    note(first.0);
}

#[instrumented_operation(forms::FormRun, work.name = first.0)]
#[allow(unused_variables)] // Only the attribute uses it.
fn drops_an_argument_of_an_attribute(first: Noisy, second: Noisy) {
    second.touch();
}
