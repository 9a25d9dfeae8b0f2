//! `impl Trait` and `dyn Trait` of traits other than `Future`.

use super::prelude::*;
use std::fmt::{Debug, Display};

pub(crate) const FORMS: &[Form] = &[
    form(
        "iterator",
        || show(iterator(&[1, 2]).collect::<Vec<_>>()),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "iterator_with_statements",
        || show(iterator_with_statements(3).collect::<Vec<_>>()),
        &[Success(&[])],
    ),
    form(
        "iterator_boxed",
        || show(iterator_boxed(&[1, 2]).collect::<Vec<_>>()),
        &[Success(&[])],
    ),
    form(
        "iterator_boxed_two_ways",
        || {
            show((
                iterator_boxed_two_ways(true).count(),
                iterator_boxed_two_ways(false).count(),
            ))
        },
        &[Success(&[]), Success(&[])],
    ),
    form(
        "iterator_double_ended",
        || show(iterator_double_ended(3).rev().collect::<Vec<_>>()),
        &[Success(&[])],
    ),
    form(
        "iterator_of_iterators",
        || {
            show(
                iterator_of_iterators(2)
                    .map(|row| row.collect::<Vec<_>>())
                    .collect::<Vec<_>>(),
            )
        },
        &[Success(&[])],
    ),
    form(
        "iterator_in_a_result",
        || show(iterator_in_a_result("1,2").map(|numbers| numbers.sum::<u8>())),
        &[Success(&[])],
    ),
    form(
        "iterator_in_a_result_error",
        || show(iterator_in_a_result("").map(|numbers| numbers.sum::<u8>())),
        &[Failure("broken", &[])],
    ),
    form(
        "iterator_in_an_option",
        || show(iterator_in_an_option(&[]).map(Iterator::count)),
        &[Success(&[])],
    ),
    form(
        "iterator_lazy",
        || {
            let mut lazy = iterator_lazy();
            note("before");
            show(lazy.next())
        },
        &[Success(&[])],
    ),
    form(
        "iterator_holding_noise",
        || show(iterator_holding_noise(Noisy("held")).count()),
        &[Success(&[])],
    ),
    form(
        "iterator_method",
        || show(Rows(vec![1, 2]).rows().max()),
        &[Success(&[])],
    ),
    form(
        "iterator_mut_method",
        || {
            let mut rows = Rows(vec![1, 2]);
            rows.rows_mut().for_each(|row| *row *= 2);
            show(rows.0)
        },
        &[Success(&[])],
    ),
    form(
        "iterator_into",
        || show(Rows(vec![1, 2]).into_rows().last()),
        &[Success(&[])],
    ),
    form(
        "iterator_traits",
        || auto_traits!(iterator(&[1, 2])),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "display_returned",
        || show(display_returned(3).to_string()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "two_bounds_returned",
        || show(two_bounds_returned("x")),
        &[Success(&[])],
    ),
    form("copy_returned", || show(copy_returned()), &[Success(&[])]),
    form(
        "into_returned",
        || show(into_returned("x").into().len()),
        &[Success(&[])],
    ),
    form(
        "as_ref_argument",
        || show(as_ref_argument("x", String::from("y"))),
        &[Success(&[("work.name", "x")])],
    ),
    form(
        "into_argument",
        || show(into_argument("abc")),
        &[Success(&[])],
    ),
    form(
        "iterator_argument",
        || show(iterator_argument([1, 2, 3].iter())),
        &[Success(&[])],
    ),
    form(
        "impl_inside_argument",
        || show(impl_inside_argument(vec![Some(1), None::<u8>])),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "mut_impl_argument",
        || {
            let mut text = String::new();
            let outcome = mut_impl_argument(&mut text);
            show((outcome, text))
        },
        &[Success(&[])],
    ),
    form(
        "dyn_with_lifetime",
        || show(dyn_with_lifetime(&1_u8).to_string()),
        &[Success(&[])],
    ),
];

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn iterator(items: &[u8]) -> impl Iterator<Item = u8> + '_ {
    items.iter().map(|item| item * 2)
}

#[instrumented_operation(forms::FormRun)]
fn iterator_with_statements(count: u8) -> impl Iterator<Item = (u8, u8)> {
    let rows = 0..count;
    let cells = rows.clone().rev();
    rows.zip(cells)
}

#[instrumented_operation(forms::FormRun)]
fn iterator_boxed<'a>(items: &'a [u8]) -> Box<dyn Iterator<Item = &'a u8> + 'a> {
    Box::new(items.iter().filter(|item| **item > 1))
}

#[instrumented_operation(forms::FormRun)]
fn iterator_boxed_two_ways(empty: bool) -> Box<dyn Iterator<Item = u8>> {
    if empty {
        return Box::new(std::iter::empty());
    }
    Box::new(std::iter::once(1))
}

#[instrumented_operation(forms::FormRun)]
fn iterator_double_ended(count: u8) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator {
    vec![count; 2].into_iter()
}

#[instrumented_operation(forms::FormRun)]
fn iterator_of_iterators(count: u8) -> impl Iterator<Item = impl Iterator<Item = u8>> {
    (0..count).map(|row| 0..row)
}

#[instrumented_operation(forms::FormRun)]
fn iterator_in_a_result(text: &str) -> Result<impl Iterator<Item = u8> + '_, Broken> {
    let first = text.split(',').next().ok_or(Broken)?;
    let _: u8 = first.parse().map_err(|_| Broken)?;
    Ok(text.split(',').filter_map(|number| number.parse().ok()))
}

#[instrumented_operation(forms::FormRun)]
fn iterator_in_an_option(items: &[u8]) -> Option<impl Iterator<Item = &u8>> {
    items.first()?;
    Some(items.iter())
}

#[instrumented_operation(forms::FormRun)]
fn iterator_lazy() -> impl Iterator<Item = u8> {
    note("made");
    std::iter::from_fn(|| {
        note("next");
        Some(1)
    })
}

#[instrumented_operation(forms::FormRun)]
fn iterator_holding_noise(held: Noisy) -> impl Iterator<Item = &'static str> {
    std::iter::once(()).map(move |()| held.touch())
}

struct Rows(Vec<u8>);

impl Rows {
    #[instrumented_operation(forms::FormRun)]
    fn rows(&self) -> impl Iterator<Item = &u8> {
        self.0.iter()
    }

    #[instrumented_operation(forms::FormRun)]
    fn rows_mut(&mut self) -> impl Iterator<Item = &mut u8> {
        self.0.iter_mut()
    }

    #[instrumented_operation(forms::FormRun)]
    fn into_rows(self) -> impl Iterator<Item = u8> {
        self.0.into_iter()
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn display_returned(count: u8) -> impl Display {
    format!("<{count}>")
}

#[instrumented_operation(forms::FormRun)]
fn two_bounds_returned<'a>(text: &'a str) -> impl Debug + Clone + 'a {
    vec![text]
}

#[instrumented_operation(forms::FormRun)]
fn copy_returned() -> impl Copy + Debug {
    (1, 'c')
}

#[instrumented_operation(forms::FormRun)]
fn into_returned(text: &str) -> impl Into<String> + '_ {
    text
}

#[instrumented_operation(forms::FormRun, work.name = first.as_ref())]
fn as_ref_argument(first: impl AsRef<str>, second: impl AsRef<str> + Clone) -> String {
    format!("{}{}", first.as_ref(), second.as_ref())
}

#[instrumented_operation(forms::FormRun)]
fn into_argument(text: impl Into<Box<str>>) -> Box<str> {
    text.into()
}

#[instrumented_operation(forms::FormRun)]
fn iterator_argument<'a>(items: impl Iterator<Item = &'a u8> + 'a) -> Vec<&'a u8> {
    items.skip(1).collect()
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn impl_inside_argument(items: Vec<Option<impl Debug + Clone>>) -> String {
    format!("{:?}", items.into_iter().flatten().collect::<Vec<_>>())
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Broken))]
fn mut_impl_argument(text: &mut impl std::fmt::Write) -> std::fmt::Result {
    text.write_str("a")?;
    text.write_char('b')
}

#[instrumented_operation(forms::FormRun)]
fn dyn_with_lifetime<'a>(value: &'a (dyn Display + 'a)) -> &'a dyn Display {
    value
}
