//! Free functions with every kind of signature.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form("nothing", || show(nothing()), &[Success(&[])]),
    form("explicit_unit", || show(explicit_unit()), &[Success(&[])]),
    form(
        "value",
        || show(value(2)),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "borrowed",
        || show(borrowed("abc")),
        &[Success(&[("work.name", "abc")])],
    ),
    form(
        "two_lifetimes",
        || show(two_lifetimes("abc", &String::from("b"))),
        &[Success(&[("work.name", "abc")])],
    ),
    form(
        "static_result",
        || show(static_result(true)),
        &[Success(&[])],
    ),
    form(
        "mutable_argument",
        || {
            let mut items = vec![1];
            mutable_argument(&mut items);
            show(items)
        },
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "mutable_reference_returned",
        || {
            let mut items = vec![1, 2];
            mutable_reference_returned(&mut items).push(3);
            show(items)
        },
        &[Success(&[])],
    ),
    form("array", || show(array([1, 2, 3])), &[Success(&[])]),
    form(
        "tuple",
        || show(tuple((1, "a"))),
        &[Success(&[("work.name", "a")])],
    ),
    form(
        "slice",
        || show(slice(&[1, 2, 3])),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "fallible_ok",
        || show(fallible(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "fallible_error",
        || show(fallible(0)),
        &[Failure("broken", &[("work.count", "0")])],
    ),
    form(
        "optional",
        || show(optional("")),
        &[Success(&[("work.name", "")])],
    ),
    form(
        "boxed_error",
        || show(boxed_error("x").map_err(|error| error.to_string())),
        &[Failure("late", &[])],
    ),
    form(
        "function_pointer",
        || show(function_pointer(u32::is_power_of_two)(8)),
        &[Success(&[])],
    ),
    form(
        "passed_as_a_function_pointer",
        || show([1, 2].map(value)),
        &[
            Success(&[("work.count", "1")]),
            Success(&[("work.count", "2")]),
        ],
    ),
    form(
        "const_parameter_only",
        || show(const_parameter_only::<3>()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "extern_c",
        || show(extern_c(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "visible_in_path",
        || show(visible_in_path()),
        &[Success(&[])],
    ),
    form(
        "with_attributes",
        || show(with_attributes(1)),
        &[Success(&[])],
    ),
    form(
        "raw_name",
        || show(r#match("m")),
        &[Success(&[("work.name", "m")])],
    ),
    form(
        "non_ascii_names",
        || show(größe("ß")),
        &[Success(&[("work.name", "ß")])],
    ),
    form(
        "owned_argument",
        || show(owned_argument(Noisy("argument"))),
        &[Success(&[("work.name", "argument")])],
    ),
    form(
        "unused_argument",
        || show(unused_argument(1)),
        &[Success(&[])],
    ),
    form(
        "dyn_argument",
        || show(dyn_argument(&1_u8)),
        &[Success(&[("work.name", "1")])],
    ),
    form(
        "boxed_dyn",
        || show(boxed_dyn(1).to_string()),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "raw_pointer",
        || show(raw_pointer(&7).is_null()),
        &[Success(&[])],
    ),
    form(
        "unsafe_function",
        || show(unsafe { unsafe_function(&7) }),
        &[Success(&[])],
    ),
    form(
        "nested_types",
        || show(nested_types(vec![Some(("a", [1]))])),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "for_all_lifetimes",
        || show(for_all_lifetimes(str::len)),
        &[Success(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn nothing() {
    note("nothing");
}

#[instrumented_operation(forms::FormRun)]
fn explicit_unit() -> () {
    note("unit");
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn value(count: u32) -> u32 {
    count + 1
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn borrowed(text: &str) -> &str {
    &text[1..]
}

#[instrumented_operation(forms::FormRun, work.name = first)]
fn two_lifetimes<'a, 'b>(first: &'a str, second: &'b str) -> &'a str
where
    'a: 'b,
{
    first.split(second).next().unwrap_or(first)
}

#[instrumented_operation(forms::FormRun)]
fn static_result(long: bool) -> &'static str {
    if long { "long" } else { "short" }
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn mutable_argument(items: &mut Vec<u32>) {
    items.push(2);
}

#[instrumented_operation(forms::FormRun)]
fn mutable_reference_returned(items: &mut Vec<u32>) -> &mut Vec<u32> {
    items.clear();
    items
}

#[instrumented_operation(forms::FormRun)]
fn array(items: [u8; 3]) -> [u8; 2] {
    let [first, _, last] = items;
    [last, first]
}

#[instrumented_operation(forms::FormRun, work.name = pair.1)]
fn tuple(pair: (u8, &'static str)) -> (&'static str, u8) {
    (pair.1, pair.0)
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn slice(items: &[u8]) -> &[u8] {
    items.split_first().map_or(items, |(_, rest)| rest)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn fallible(count: u32) -> Result<u32, Broken> {
    count.checked_sub(1).ok_or(Broken)
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn optional(text: &str) -> Option<char> {
    text.chars().next()
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn boxed_error(text: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    Ok(text.parse::<u32>()? + 1)
}

#[instrumented_operation(forms::FormRun)]
fn function_pointer(function: fn(u32) -> bool) -> fn(u32) -> bool {
    note(show(function(3)));
    function
}

#[instrumented_operation(forms::FormRun, work.count = N)]
fn const_parameter_only<const N: usize>() -> [usize; N] {
    [N; N]
}

#[instrumented_operation(forms::FormRun, work.count = count)]
extern "C" fn extern_c(count: i32) -> i32 {
    -count
}

#[instrumented_operation(forms::FormRun)]
pub(in super::super) fn visible_in_path() -> bool {
    true
}

/// Documented.
#[must_use]
#[inline(never)]
#[cfg(not(any()))]
#[cfg_attr(all(), cold)]
#[deprecated(note = "on purpose")]
#[instrumented_operation(forms::FormRun)]
#[doc = "Documented after the attribute."]
fn with_attributes(#[allow(unused)] count: u8) -> u8 {
    7
}

#[instrumented_operation(forms::FormRun, work.name = r#type)]
fn r#match(r#type: &str) -> usize {
    r#type.len()
}

#[instrumented_operation(forms::FormRun, work.name = straße)]
fn größe(straße: &str) -> usize {
    straße.chars().count()
}

#[instrumented_operation(forms::FormRun, work.name = argument.0)]
fn owned_argument(argument: Noisy) -> &'static str {
    argument.touch()
}

#[instrumented_operation(forms::FormRun)]
fn unused_argument(_count: u8) -> u8 {
    3
}

#[instrumented_operation(forms::FormRun, work.name = value.to_string())]
fn dyn_argument(value: &dyn std::fmt::Display) -> String {
    format!("<{value}>")
}

#[instrumented_operation(forms::FormRun, work.count = value)]
fn boxed_dyn(value: u8) -> Box<dyn std::fmt::Display> {
    Box::new(value)
}

#[instrumented_operation(forms::FormRun)]
fn raw_pointer(value: &u8) -> *const u8 {
    value
}

#[instrumented_operation(forms::FormRun)]
unsafe fn unsafe_function(value: *const u8) -> u8 {
    unsafe { *value }
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn nested_types(items: Vec<Option<(&str, [u8; 1])>>) -> Option<Vec<(&str, [u8; 1])>> {
    items.into_iter().collect()
}

#[instrumented_operation(forms::FormRun)]
fn for_all_lifetimes(measure: for<'a> fn(&'a str) -> usize) -> usize {
    let text = String::from("four");
    measure(&text)
}
