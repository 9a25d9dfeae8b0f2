//! Control flow inside a body and exits from it.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "return_in_the_middle",
        || show((return_in_the_middle(1), return_in_the_middle(9))),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "question_mark_on_option",
        || show((question_mark_on_option("1"), question_mark_on_option("x"))),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "question_mark_on_result",
        || show(question_mark_on_result("x")),
        &[Failure("broken", &[("work.name", "x")])],
    ),
    form(
        "question_mark_converts",
        || show(question_mark_converts(false)),
        &[Failure("broken", &[])],
    ),
    form(
        "question_mark_in_a_tail",
        || show(question_mark_in_a_tail(Ok(1))),
        &[Success(&[])],
    ),
    form(
        "labelled_break",
        || show(labelled_break(&[&[1], &[7, 3]])),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "labelled_continue",
        || show(labelled_continue()),
        &[Success(&[])],
    ),
    form(
        "labelled_block",
        || show(labelled_block(5)),
        &[Success(&[])],
    ),
    form(
        "loop_with_a_value",
        || show(loop_with_a_value(3)),
        &[Success(&[])],
    ),
    form("while_let", || show(while_let(vec![1, 2])), &[Success(&[])]),
    form(
        "for_with_a_return",
        || show((for_with_a_return(&[1, 2]), for_with_a_return(&[1]))),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "let_else",
        || show((let_else("a=b"), let_else("a"))),
        &[
            Success(&[("work.name", "a=b")]),
            Success(&[("work.name", "a")]),
        ],
    ),
    form(
        "let_else_with_an_error",
        || show(let_else_with_an_error("")),
        &[Failure("broken", &[])],
    ),
    form(
        "else_if_let",
        || show(else_if_let(Some(2), None)),
        &[Success(&[])],
    ),
    form(
        "match_with_returns",
        || show((match_with_returns(0), match_with_returns(2))),
        &[Failure("broken", &[]), Success(&[])],
    ),
    form(
        "diverging_branch",
        || show(diverging_branch(Some(1))),
        &[Success(&[])],
    ),
    form(
        "return_of_a_unit",
        || {
            return_of_a_unit(true);
            show(())
        },
        &[Success(&[])],
    ),
    form(
        "return_from_inside_an_expression",
        || show(return_from_inside_an_expression(Some(1))),
        &[Success(&[])],
    ),
    form(
        "never_by_panic",
        || never_by_panic(),
        &[Failure("panic", &[])],
    ),
    form(
        "never_by_a_loop",
        || never_by_a_loop(3),
        &[Failure("panic", &[])],
    ),
    form(
        "assert_that_holds",
        || {
            assert_that_holds(2);
            show(())
        },
        &[Success(&[])],
    ),
    form(
        "macro_that_returns",
        || show(macro_that_returns(false)),
        &[Failure("broken", &[])],
    ),
    form(
        "macro_with_a_question_mark",
        || show(macro_with_a_question_mark("x")),
        &[Failure("broken", &[])],
    ),
    form(
        "question_mark_in_a_closure",
        || show(question_mark_in_a_closure(&[1, 2, 3])),
        &[Success(&[])],
    ),
    form(
        "mutable_argument_assigned",
        || show(mutable_argument_assigned(3)),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "uninitialized_then_set",
        || show(uninitialized_then_set(true)),
        &[Success(&[])],
    ),
    form(
        "shadowed_in_steps",
        || show(shadowed_in_steps(" 4 ")),
        &[Success(&[("work.name", " 4 ")])],
    ),
    form(
        "overflow_checked",
        || show(overflow_checked(255)),
        &[Success(&[])],
    ),
    form(
        "range_and_slices",
        || show(range_and_slices(&[1, 2, 3, 4])),
        &[Success(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn return_in_the_middle(count: u8) -> &'static str {
    if count > 5 {
        return "many";
    }
    note("few");
    "few"
}

#[instrumented_operation(forms::FormRun)]
fn question_mark_on_option(text: &str) -> Option<u32> {
    let digit = text.chars().next()?.to_digit(10)?;
    note("a digit");
    digit.checked_add(1)
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn question_mark_on_result(text: &str) -> Result<u8, Broken> {
    let number: u8 = text.parse().map_err(|_| Broken)?;
    note("a number");
    Ok(number)
}

struct Cause;

impl From<Cause> for Broken {
    fn from(_: Cause) -> Self {
        note("converted");
        Broken
    }
}

#[instrumented_operation(forms::FormRun)]
fn question_mark_converts(sound: bool) -> Result<(), Broken> {
    let checked = if sound { Ok(()) } else { Err(Cause) };
    checked?;
    Ok(())
}

#[instrumented_operation(forms::FormRun)]
fn question_mark_in_a_tail(value: Result<u8, Broken>) -> Result<u16, Broken> {
    Ok(value?.into())
}

#[instrumented_operation(forms::FormRun, work.count = rows.len())]
fn labelled_break(rows: &[&[u8]]) -> Option<u8> {
    'rows: for row in rows {
        for cell in *row {
            if *cell == 7 {
                break 'rows;
            }
            note(show(cell));
        }
    }
    rows.first()?.first().copied()
}

#[instrumented_operation(forms::FormRun)]
fn labelled_continue() -> Vec<(u8, u8)> {
    let mut pairs = Vec::new();
    'outer: for left in 0..3 {
        for right in 0..3 {
            if right > left {
                continue 'outer;
            }
            pairs.push((left, right));
        }
    }
    pairs
}

#[instrumented_operation(forms::FormRun)]
fn labelled_block(count: u8) -> &'static str {
    let size = 'found: {
        if count > 10 {
            break 'found "large";
        }
        if count == 0 {
            return "none";
        }
        "small"
    };
    size
}

#[instrumented_operation(forms::FormRun)]
fn loop_with_a_value(mut count: u8) -> u8 {
    let value = loop {
        count -= 1;
        if count == 0 {
            break 42;
        }
    };
    value
}

#[instrumented_operation(forms::FormRun)]
fn while_let(mut items: Vec<u8>) -> u8 {
    let mut sum = 0;
    while let Some(item) = items.pop() {
        sum += item;
    }
    sum
}

#[instrumented_operation(forms::FormRun)]
fn for_with_a_return(items: &[u8]) -> bool {
    for item in items {
        if item % 2 == 0 {
            return true;
        }
    }
    false
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn let_else(text: &str) -> (&str, &str) {
    let Some((key, value)) = text.split_once('=') else {
        return (text, "");
    };
    (key, value)
}

#[instrumented_operation(forms::FormRun)]
fn let_else_with_an_error(text: &str) -> Result<char, Broken> {
    let Some(first) = text.chars().next() else {
        return Err(Broken);
    };
    Ok(first)
}

#[instrumented_operation(forms::FormRun)]
fn else_if_let(first: Option<u8>, second: Option<u8>) -> u8 {
    if let Some(second) = second {
        second
    } else if let Some(first) = first {
        first * 10
    } else {
        0
    }
}

#[instrumented_operation(forms::FormRun)]
fn match_with_returns(count: u8) -> Result<u8, Broken> {
    let half = match count {
        0 => return Err(Broken),
        1 => return Ok(0),
        more => more / 2,
    };
    Ok(half)
}

#[instrumented_operation(forms::FormRun)]
fn diverging_branch(value: Option<u8>) -> u8 {
    match value {
        Some(value) => value,
        None => unreachable!("never asked for"),
    }
}

#[instrumented_operation(forms::FormRun)]
fn return_of_a_unit(early: bool) {
    if early {
        return note("early");
    }
    note("late");
}

#[instrumented_operation(forms::FormRun)]
fn return_from_inside_an_expression(value: Option<u8>) -> u8 {
    1 + value.unwrap_or(return_value()) + if value.is_some() { return 99 } else { 2 }
}

fn return_value() -> u8 {
    note("evaluated");
    5
}

#[instrumented_operation(forms::FormRun)]
fn never_by_panic() -> ! {
    panic!("never")
}

#[instrumented_operation(forms::FormRun)]
fn never_by_a_loop(mut count: u8) -> ! {
    loop {
        note(show(count));
        count = count.checked_sub(1).expect("it ends here");
    }
}

#[instrumented_operation(forms::FormRun)]
fn assert_that_holds(count: u8) {
    assert!(count > 1, "{count} is too few");
    debug_assert_eq!(count, 2);
}

macro_rules! ensure {
    ($holds:expr) => {
        if !$holds {
            return Err(Broken);
        }
    };
}

#[instrumented_operation(forms::FormRun)]
fn macro_that_returns(holds: bool) -> Result<u8, Broken> {
    ensure!(holds);
    note("held");
    Ok(1)
}

macro_rules! number {
    ($text:expr) => {
        $text.parse::<u8>().map_err(|_| Broken)?
    };
}

#[instrumented_operation(forms::FormRun)]
fn macro_with_a_question_mark(text: &str) -> Result<u8, Broken> {
    let number = number!(text);
    Ok(number)
}

#[instrumented_operation(forms::FormRun)]
fn question_mark_in_a_closure(items: &[u8]) -> Option<u8> {
    let add = |left: u8, right: u8| -> Option<u8> { left.checked_add(right) };
    items.iter().try_fold(0_u8, |sum, item| {
        let next = add(sum, *item)?;
        if next > 100 { None } else { Some(next) }
    })
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn mutable_argument_assigned(mut count: u32) -> u32 {
    while count < 100 {
        count *= 2;
    }
    count
}

#[instrumented_operation(forms::FormRun)]
fn uninitialized_then_set(first: bool) -> String {
    let text;
    if first {
        text = "first";
    } else {
        text = "second";
    }
    text.to_owned()
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn shadowed_in_steps(text: &str) -> usize {
    let text = text.trim();
    let text = text.len();
    text
}

#[instrumented_operation(forms::FormRun)]
fn overflow_checked(count: u8) -> (Option<u8>, u8) {
    (count.checked_add(1), count.wrapping_add(1))
}

#[instrumented_operation(forms::FormRun)]
fn range_and_slices(items: &[u8]) -> (&[u8], Option<&[u8]>) {
    (&items[1..=2], items.get(9..))
}
