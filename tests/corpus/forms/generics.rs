//! Type, lifetime and const parameters, with any name, of functions and `impl` blocks.

use super::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;

pub(crate) const FORMS: &[Form] = &[
    form(
        "type_parameter",
        || show(type_parameter(1_u8)),
        &[Success(&[])],
    ),
    form(
        "type_parameter_returned",
        || show(type_parameter_returned("x")),
        &[Success(&[])],
    ),
    form(
        "parameter_with_a_long_name_returned",
        || show(parameter_with_a_long_name_returned("x")),
        &[Success(&[])],
    ),
    form(
        "parameter_inside_a_type",
        || show(parameter_inside_a_type(1, 2)),
        &[Success(&[])],
    ),
    form(
        "parameter_of_the_error",
        || show(parameter_of_the_error::<Broken>(None)),
        &[Failure("late", &[])],
    ),
    form(
        "parameter_only_in_the_turbofish",
        || show(parameter_only_in_the_turbofish::<u64>()),
        &[Success(&[("work.count", "8")])],
    ),
    form(
        "many_parameters",
        || show(many_parameters::<_, _, 2>(&[1, 2], "x")),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "where_clause",
        || show(where_clause(&HashMap::from([("a", 1)]), "a")),
        &[Success(&[("work.name", "a")])],
    ),
    form(
        "unsized_parameter",
        || show(unsized_parameter("abc")),
        &[Success(&[])],
    ),
    form(
        "higher_ranked",
        || show(higher_ranked(|text| text.len())),
        &[Success(&[])],
    ),
    form(
        "higher_ranked_returning_references",
        || show(higher_ranked_returning_references(|text| &text[1..])),
        &[Success(&[])],
    ),
    form(
        "lifetimes_that_outlive",
        || show(lifetimes_that_outlive("a", "b", true)),
        &[Success(&[])],
    ),
    form(
        "copy_on_write",
        || show(copy_on_write("a b")),
        &[Success(&[("work.name", "a b")])],
    ),
    form(
        "constant_expression",
        || show(constant_expression::<{ 1 + 2 }, true>()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "array_of_const_length",
        || show(array_of_const_length([1_u8, 2])),
        &[Success(&[])],
    ),
    form(
        "parameter_named_like_the_output",
        || show(parameter_named_like_the_output(3_u8)),
        &[Success(&[])],
    ),
    form(
        "parameter_p",
        || show(parameter_p(&3_u8)),
        &[Success(&[("work.name", "3")])],
    ),
    form(
        "impl_parameter",
        || show(Holder(3_u8).get()),
        &[Success(&[])],
    ),
    form(
        "impl_parameter_with_a_long_name",
        || show(Runner(|| 4_u8).run()),
        &[Success(&[])],
    ),
    form(
        "impl_parameter_in_an_option",
        || show(Holder("x").maybe()),
        &[Success(&[("work.name", "x")])],
    ),
    form(
        "impl_and_function_parameters",
        || show(Holder(1_u8).with(2_u16)),
        &[Success(&[])],
    ),
    form(
        "impl_const_parameter",
        || show(Grid::<2, 3>.cells()),
        &[Success(&[("work.count", "6")])],
    ),
    form(
        "impl_lifetime",
        || show(View("abc").first()),
        &[Success(&[])],
    ),
    form(
        "impl_lifetime_elided",
        || show(View("abc").rest()),
        &[Success(&[])],
    ),
    form(
        "impl_with_where",
        || show(Holder(vec![3, 1]).smallest()),
        &[Success(&[])],
    ),
    form(
        "impl_mapped",
        || show(Holder(2).map(|count| format!("<{count}>"))),
        &[Success(&[])],
    ),
    form(
        "impl_default_parameter",
        || show(WithDefault::<u8>::new().held),
        &[Success(&[])],
    ),
    form(
        "phantom",
        || show(Tagged::<Meter>::new(2).value),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "associated_type_of_a_parameter_returned",
        || show(Visitor.visit(&3_u8)),
        &[Success(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn type_parameter<T: Debug>(value: T) -> String {
    format!("{value:?}")
}

#[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
fn type_parameter_returned<T>(value: T) -> T {
    value
}

#[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
fn parameter_with_a_long_name_returned<Out>(value: Out) -> Out
where
    Out: Clone,
{
    value.clone()
}

#[instrumented_operation(forms::FormRun)]
fn parameter_inside_a_type<Key, Value>(key: Key, value: Value) -> Vec<(Key, Option<Value>)> {
    vec![(key, Some(value))]
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn parameter_of_the_error<E: From<Broken>>(value: Option<u8>) -> Result<u8, E> {
    let value = value.ok_or(Broken)?;
    Ok(value)
}

#[instrumented_operation(forms::FormRun, work.count = size_of::<T>())]
fn parameter_only_in_the_turbofish<T>() -> usize {
    size_of::<T>()
}

#[instrumented_operation(forms::FormRun, work.count = N)]
fn many_parameters<'a, T, U: ?Sized + 'a, const N: usize>(
    items: &'a [T; N],
    name: &'a U,
) -> (&'a T, &'a U)
where
    T: 'a,
{
    (&items[0], name)
}

#[instrumented_operation(forms::FormRun, work.name = key)]
fn where_clause<'a, V>(map: &'a HashMap<&str, V>, key: &str) -> Option<&'a V>
where
    for<'b> &'b str: Hash + Eq,
    V: Debug,
    [V]: Debug,
{
    map.get(key)
}

#[instrumented_operation(forms::FormRun)]
fn unsized_parameter<T: ?Sized + AsRef<[u8]>>(value: &T) -> usize {
    value.as_ref().len()
}

#[instrumented_operation(forms::FormRun)]
fn higher_ranked<F>(measure: F) -> usize
where
    F: for<'a> Fn(&'a str) -> usize,
{
    let local = String::from("local");
    measure(&local)
}

#[instrumented_operation(forms::FormRun)]
fn higher_ranked_returning_references(part: impl for<'a> Fn(&'a str) -> &'a str) -> String {
    let local = String::from("local");
    part(&local).to_owned()
}

#[instrumented_operation(forms::FormRun)]
fn lifetimes_that_outlive<'long: 'short, 'short>(
    long: &'long str,
    short: &'short str,
    first: bool,
) -> &'short str {
    if first { long } else { short }
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn copy_on_write(text: &str) -> Cow<'_, str> {
    if text.contains(' ') {
        Cow::Owned(text.replace(' ', "_"))
    } else {
        Cow::Borrowed(text)
    }
}

#[instrumented_operation(forms::FormRun, work.count = COUNT)]
fn constant_expression<const COUNT: usize, const WIDE: bool>() -> Option<usize> {
    WIDE.then_some(COUNT)
}

#[instrumented_operation(forms::FormRun)]
fn array_of_const_length<T: Copy, const N: usize>(items: [T; N]) -> ([T; N], usize) {
    (items, N)
}

#[instrumented_operation(forms::FormRun)]
fn parameter_named_like_the_output<Output>(value: Output) -> Option<Output> {
    Some(value)
}

#[instrumented_operation(forms::FormRun, work.name = value.to_string())]
fn parameter_p<P: Display>(value: &P) -> &P {
    value
}

#[derive(Debug)]
struct Holder<T>(T);

impl<T: Clone> Holder<T> {
    #[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
    fn get(&self) -> T {
        self.0.clone()
    }

    #[instrumented_operation(forms::FormRun, work.name = self.0.to_string())]
    fn maybe(&self) -> Option<T>
    where
        T: Display,
    {
        Some(self.0.clone())
    }

    #[instrumented_operation(forms::FormRun)]
    fn with<Other>(&self, other: Other) -> (T, Other) {
        (self.0.clone(), other)
    }

    #[instrumented_operation(forms::FormRun)]
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Holder<U> {
        Holder(change(self.0))
    }
}

impl<T> Holder<Vec<T>>
where
    T: Ord,
{
    #[instrumented_operation(forms::FormRun)]
    fn smallest(&self) -> Option<&T> {
        self.0.iter().min()
    }
}

struct Runner<F>(F);

impl<F, Out> Runner<F>
where
    F: Fn() -> Out,
{
    #[instrumented_operation(forms::FormRun)]
    fn run(&self) -> Vec<Out> {
        vec![(self.0)()]
    }
}

struct Grid<const W: usize, const H: usize>;

impl<const W: usize, const H: usize> Grid<W, H> {
    #[instrumented_operation(forms::FormRun, work.count = W * H)]
    fn cells(&self) -> [[u8; W]; H] {
        [[0; W]; H]
    }
}

struct View<'text>(&'text str);

impl<'text> View<'text> {
    #[instrumented_operation(forms::FormRun)]
    fn first(&self) -> &'text str {
        &self.0[..1]
    }
}

impl View<'_> {
    #[instrumented_operation(forms::FormRun)]
    fn rest(&self) -> &str {
        &self.0[1..]
    }
}

struct WithDefault<T, Held = Option<T>> {
    held: Held,
    _of: std::marker::PhantomData<T>,
}

impl<T> WithDefault<T> {
    #[instrumented_operation(forms::FormRun)]
    fn new() -> Self {
        Self {
            held: None,
            _of: std::marker::PhantomData,
        }
    }
}

struct Meter;

struct Tagged<Unit> {
    value: u32,
    unit: std::marker::PhantomData<fn() -> Unit>,
}

impl<Unit> Tagged<Unit> {
    #[instrumented_operation(forms::FormRun, work.count = value)]
    fn new(value: u32) -> Self {
        Self {
            value,
            unit: std::marker::PhantomData,
        }
    }
}

struct Visitor;

impl Visitor {
    #[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
    fn visit<V>(&self, value: &V) -> <V as ToOwned>::Owned
    where
        V: ToOwned + ?Sized,
        V::Owned: Debug,
    {
        value.to_owned()
    }
}
