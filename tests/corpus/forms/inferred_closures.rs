//! Closures whose types are known only from the signature. See rows 5 and 7 of the log of failures in
//! `docs/differential.md`.

use super::prelude::*;
use std::cmp::Ordering;

pub(crate) const FORMS: &[Form] = &[
    form(
        "infers_an_argument",
        || show(infers_an_argument()("abc")),
        SUCCESS,
    ),
    form(
        "infers_an_argument_after_statements",
        || show(infers_an_argument_after_statements(1)("abc")),
        SUCCESS,
    ),
    form(
        "infers_two_arguments",
        || {
            let mut items = [3, 1, 2];
            items.sort_by(infers_two_arguments());
            show(items)
        },
        SUCCESS,
    ),
    form(
        "infers_a_comparator_of_tuples",
        || {
            let mut items = [(2, "b"), (1, "a")];
            items.sort_by(infers_a_comparator_of_tuples());
            show(items)
        },
        SUCCESS,
    ),
    form(
        "infers_a_mutable_argument",
        || {
            let mut count = 1;
            infers_a_mutable_argument()(&mut count);
            show(count)
        },
        SUCCESS,
    ),
    form(
        "infers_a_returned_reference",
        || show(infers_a_returned_reference()("abc")),
        SUCCESS,
    ),
    form(
        "infers_in_an_fn_once",
        || show(infers_in_an_fn_once(Noisy("moved"))("abc")),
        SUCCESS,
    ),
    form(
        "infers_in_a_tuple",
        || {
            let (measure, is_empty) = infers_in_a_tuple();
            show((measure("abc"), is_empty("")))
        },
        SUCCESS,
    ),
    form(
        "infers_in_a_method",
        || show(Ruler(2).infers_in_a_method()("abc")),
        SUCCESS,
    ),
    form(
        "infers_in_a_generic_function",
        || show(infers_in_a_generic_function::<u8>()(&[1, 2])),
        SUCCESS,
    ),
    form(
        "infers_a_predicate",
        || {
            show(
                ["a", "bc"]
                    .into_iter()
                    .filter(infers_a_predicate(1))
                    .collect::<Vec<_>>(),
            )
        },
        SUCCESS,
    ),
    form("infers_nested", || show(infers_nested()(2)(3)), SUCCESS),
    form(
        "factory_of_boxed_futures",
        || {
            let make = factory_of_boxed_futures();
            show(block_on(make("abc")))
        },
        SUCCESS,
    ),
    form(
        "factory_of_boxed_futures_by_impl",
        || {
            let make = factory_of_boxed_futures_by_impl();
            show(block_on(make("abc")))
        },
        SUCCESS,
    ),
    form(
        "factory_of_async_blocks",
        || {
            let make = factory_of_async_blocks(2);
            show(block_on(make(3)))
        },
        SUCCESS,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn infers_an_argument() -> impl Fn(&str) -> usize {
    |text| text.len()
}

#[instrumented_operation(forms::FormRun)]
fn infers_an_argument_after_statements(more: usize) -> impl Fn(&str) -> usize {
    let more = more * 2;
    move |text| text.len() + more
}

#[instrumented_operation(forms::FormRun)]
fn infers_two_arguments() -> impl FnMut(&u8, &u8) -> Ordering {
    |left, right| right.cmp(left)
}

#[instrumented_operation(forms::FormRun)]
fn infers_a_comparator_of_tuples() -> impl Fn(&(u8, &'static str), &(u8, &'static str)) -> Ordering
{
    |left, right| left.0.cmp(&right.0).then_with(|| left.1.cmp(right.1))
}

#[instrumented_operation(forms::FormRun)]
fn infers_a_mutable_argument() -> impl FnOnce(&mut u8) {
    |count| *count += 1
}

#[instrumented_operation(forms::FormRun)]
fn infers_a_returned_reference() -> impl for<'a> Fn(&'a str) -> &'a str {
    |text| text.trim_start_matches('a')
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_an_fn_once(held: Noisy) -> impl FnOnce(&str) -> String {
    move |text| text.to_uppercase() + held.touch()
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_a_tuple() -> (impl Fn(&str) -> usize, impl Fn(&str) -> bool) {
    (|text| text.len(), |text| text.is_empty())
}

struct Ruler(usize);

impl Ruler {
    #[instrumented_operation(forms::FormRun)]
    fn infers_in_a_method(&self) -> impl Fn(&str) -> usize + '_ {
        |text| text.len() * self.0
    }
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_a_generic_function<Item>() -> impl Fn(&[Item]) -> usize {
    |items| items.len()
}

#[instrumented_operation(forms::FormRun)]
fn infers_a_predicate(length: usize) -> impl FnMut(&&str) -> bool {
    move |text| text.len() > length
}

#[instrumented_operation(forms::FormRun)]
fn infers_nested() -> impl Fn(u8) -> Box<dyn Fn(u8) -> u8> {
    |left| Box::new(move |right| left + right)
}

#[instrumented_operation(forms::FormRun)]
fn factory_of_boxed_futures() -> Box<dyn Fn(&str) -> Pin<Box<dyn Future<Output = usize> + '_>>> {
    Box::new(|text| {
        Box::pin(async move {
            pause().await;
            text.len()
        })
    })
}

#[instrumented_operation(forms::FormRun)]
fn factory_of_boxed_futures_by_impl() -> impl Fn(&str) -> Pin<Box<dyn Future<Output = usize> + '_>>
{
    |text| Box::pin(async move { text.len() })
}

#[instrumented_operation(forms::FormRun)]
fn factory_of_async_blocks(more: u8) -> impl Fn(u8) -> Pin<Box<dyn Future<Output = u8>>> {
    move |count| {
        Box::pin(async move {
            pause().await;
            count + more
        })
    }
}
