//! Attributes set at entry and in `ok(…)`, and the sources of their values.

use super::prelude::*;

const COUNT: &[Operation] = &[Success(&[("work.count", "3")])];

pub(crate) const FORMS: &[Form] = &[
    form(
        "handle_not_used",
        || show(handle_not_used(1)),
        &[Success(&[])],
    ),
    form(
        "value_of_a_field",
        || {
            show(value_of_a_field(&Request {
                name: "n",
                sizes: [3, 4],
            }))
        },
        &[Success(&[("work.name", "n"), ("work.count", "4")])],
    ),
    form(
        "value_of_a_method",
        || show(value_of_a_method(&[1, 2, 3])),
        COUNT,
    ),
    form(
        "value_of_an_expression",
        || show(value_of_an_expression(1, 2)),
        COUNT,
    ),
    form("value_of_a_block", || show(value_of_a_block(3)), COUNT),
    form(
        "value_of_a_closure",
        || show(value_of_a_closure(&[1, 2])),
        COUNT,
    ),
    form(
        "value_of_a_match",
        || show(value_of_a_match(Some(3))),
        COUNT,
    ),
    form(
        "value_of_a_macro",
        || show(value_of_a_macro("x")),
        &[Success(&[("work.name", "<x>")])],
    ),
    form(
        "value_that_is_absent",
        || show(value_that_is_absent(None)),
        &[Success(&[])],
    ),
    form(
        "value_of_a_string",
        || show(value_of_a_string(String::from("s"))),
        &[Success(&[("work.name", "s")])],
    ),
    form(
        "value_of_a_moved_argument",
        || show(value_of_a_moved_argument(String::from("s"))),
        &[Success(&[("work.name", "s")])],
    ),
    form(
        "value_of_a_reference_to_a_reference",
        || show(value_of_a_reference_to_a_reference(&&"r")),
        &[Success(&[("work.name", "r")])],
    ),
    form(
        "value_of_a_copy_on_write",
        || show(value_of_a_copy_on_write("c".into())),
        &[Success(&[("work.name", "c")])],
    ),
    form(
        "value_read_before_the_body",
        || show(value_read_before_the_body(&std::cell::Cell::new(3))),
        COUNT,
    ),
    form(
        "value_before_it_changes",
        || {
            let mut count = 3;
            value_before_it_changes(&mut count);
            show(count)
        },
        COUNT,
    ),
    form(
        "value_of_a_generic",
        || show(value_of_a_generic(3_u8)),
        COUNT,
    ),
    form("value_of_a_constant", || show(value_of_a_constant()), COUNT),
    form(
        "shorthand",
        || show(shorthand("n", 3)),
        &[Success(&[("work.name", "n"), ("work.count", "3")])],
    ),
    form(
        "recorded_at_the_end_from_an_argument",
        || show(recorded_at_the_end_from_an_argument(3)),
        COUNT,
    ),
    form(
        "recorded_at_the_end_from_the_result",
        || show(recorded_at_the_end_from_the_result("abc")),
        COUNT,
    ),
    form(
        "recorded_at_the_end_from_a_tuple_field",
        || show(recorded_at_the_end_from_a_tuple_field()),
        COUNT,
    ),
    form(
        "recorded_at_the_end_by_destructuring",
        || show(recorded_at_the_end_by_destructuring()),
        COUNT,
    ),
    form(
        "recorded_at_the_end_of_an_option",
        || show(recorded_at_the_end_of_an_option(Some(3))),
        COUNT,
    ),
    form(
        "recorded_at_the_end_of_a_reference",
        || show(recorded_at_the_end_of_a_reference(&3)),
        COUNT,
    ),
    form(
        "async_value_of_a_field",
        || {
            drive!(async_value_of_a_field(&Request {
                name: "n",
                sizes: [3, 4]
            }))
        },
        &[
            Success(&[("work.name", "n")]),
            Cancelled(&[("work.name", "n")]),
        ],
    ),
    form(
        "async_recorded_at_the_end",
        || drive!(async_recorded_at_the_end("abc")),
        &[Success(&[("work.count", "3")]), Cancelled(&[])],
    ),
    form(
        "mut_value_in_ok",
        || show(mut_value_in_ok(1)),
        &[Success(&[("work.count", "1")])],
    ),
];

#[allow(dead_code)] // Only the attribute reads the field `name`.
struct Request {
    name: &'static str,
    sizes: [usize; 2],
}

#[instrumented_operation(forms::FormRun as _op)]
fn handle_not_used(count: u8) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun, work.name = request.name, work.count = request.sizes[1])]
fn value_of_a_field(request: &Request) -> usize {
    request.sizes.iter().sum()
}

#[instrumented_operation(forms::FormRun, work.count = items.iter().filter(|item| **item > 0).count())]
fn value_of_a_method(items: &[u8]) -> usize {
    items.len()
}

#[instrumented_operation(forms::FormRun, work.count = i64::from(first) + i64::from(second))]
fn value_of_an_expression(first: u8, second: u8) -> u8 {
    first * second
}

#[instrumented_operation(forms::FormRun, work.count = { let doubled = count * 2; doubled / 2 })]
fn value_of_a_block(count: u8) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun, work.count = (|| items.iter().sum::<u32>())())]
fn value_of_a_closure(items: &[u32]) -> usize {
    items.len()
}

#[instrumented_operation(forms::FormRun, work.count = match count { Some(count) => count, None => 0 })]
fn value_of_a_match(count: Option<u8>) -> Option<u8> {
    count
}

#[instrumented_operation(forms::FormRun, work.name = format!("<{name}>"))]
fn value_of_a_macro(name: &str) -> usize {
    name.len()
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn value_that_is_absent(name: Option<&str>) -> bool {
    name.is_some()
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn value_of_a_string(name: String) -> usize {
    name.len()
}

#[instrumented_operation(forms::FormRun, work.name = &name)]
fn value_of_a_moved_argument(name: String) -> Box<str> {
    name.into_boxed_str()
}

#[instrumented_operation(forms::FormRun, work.name = **name)]
fn value_of_a_reference_to_a_reference(name: &&str) -> usize {
    name.len()
}

#[instrumented_operation(forms::FormRun, work.name = &*name)]
fn value_of_a_copy_on_write(name: std::borrow::Cow<'_, str>) -> usize {
    name.len()
}

#[instrumented_operation(forms::FormRun, work.count = cell.get())]
fn value_read_before_the_body(cell: &std::cell::Cell<u8>) -> u8 {
    cell.replace(9)
}

#[instrumented_operation(forms::FormRun, work.count = *count)]
fn value_before_it_changes(count: &mut u8) {
    *count = 9;
}

#[instrumented_operation(forms::FormRun, work.count = count.into())]
fn value_of_a_generic<T: Into<i64> + Copy>(count: T) -> i64 {
    count.into() + 1
}

const THREE: u8 = 3;

#[instrumented_operation(forms::FormRun, work.count = THREE)]
fn value_of_a_constant() -> u8 {
    THREE
}

#[instrumented_operation(forms::FormRun, work.name, work.count)]
fn shorthand(work_name: &str, work_count: u8) -> usize {
    work_name.len() + usize::from(work_count)
}

#[instrumented_operation(forms::FormRun, ok(|_| work.count = count))]
fn recorded_at_the_end_from_an_argument(count: u8) -> Result<(), Broken> {
    note(show(count));
    Ok(())
}

#[instrumented_operation(forms::FormRun, ok(|text| work.count = text.len()))]
fn recorded_at_the_end_from_the_result(text: &str) -> Result<String, Broken> {
    Ok(text.to_uppercase())
}

#[instrumented_operation(forms::FormRun, ok(|pair| work.count = pair.1))]
fn recorded_at_the_end_from_a_tuple_field() -> (&'static str, u8) {
    ("a", 3)
}

#[instrumented_operation(forms::FormRun, ok(|(_, count)| work.count = count))]
fn recorded_at_the_end_by_destructuring() -> (&'static str, u8) {
    ("a", 3)
}

#[instrumented_operation(forms::FormRun, ok(|value| work.count = *value))]
fn recorded_at_the_end_of_an_option(value: Option<u8>) -> Option<u8> {
    value
}

#[instrumented_operation(forms::FormRun, ok(|value| work.count = **value))]
fn recorded_at_the_end_of_a_reference(value: &u8) -> &u8 {
    value
}

#[instrumented_operation(forms::FormRun, work.name = request.name)]
async fn async_value_of_a_field(request: &Request) -> usize {
    pause().await;
    request.sizes[0]
}

#[instrumented_operation(forms::FormRun, ok(|length| work.count = length))]
async fn async_recorded_at_the_end(text: &str) -> Result<usize, Broken> {
    pause().await;
    Ok(text.len())
}

#[instrumented_operation(forms::FormRun, ok(|_| work.count = count))]
fn mut_value_in_ok(mut count: u8) -> u8 {
    count += 1;
    count
}
