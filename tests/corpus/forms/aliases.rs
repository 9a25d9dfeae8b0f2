//! Return types behind aliases, and their outcomes.

use super::prelude::*;

const BROKEN: &[Operation] = &[Failure("broken", &[])];

type Answer<T> = Result<T, Broken>;
type Twice<T, E> = Result<T, E>;
type OfAlias<T> = Answer<Option<T>>;
type Unit = ();
type Outcome = std::result::Result<u8, Broken>;
type Pair<A, B = A> = (A, B);
type Callback<'a> = Box<dyn Fn(&str) -> usize + 'a>;

pub(crate) const FORMS: &[Form] = &[
    form("alias_ok", || show(alias(1)), SUCCESS),
    form("alias_error", || show(alias(0)), BROKEN),
    form("alias_of_two", || show(alias_of_two(0)), BROKEN),
    form("alias_of_an_alias", || show(alias_of_an_alias(0)), BROKEN),
    form(
        "alias_without_parameters",
        || show(alias_without_parameters()),
        BROKEN,
    ),
    form(
        "alias_of_a_unit",
        || {
            alias_of_a_unit();
            show(())
        },
        SUCCESS,
    ),
    form(
        "alias_with_a_default",
        || show(alias_with_a_default(1)),
        SUCCESS,
    ),
    form(
        "alias_of_io",
        || show(alias_of_io().map_err(|error| error.kind())),
        &[Failure("late", &[])],
    ),
    form(
        "alias_of_fmt",
        || show(alias_of_fmt()),
        &[Failure("late", &[])],
    ),
    form(
        "alias_of_a_callback",
        || show(alias_of_a_callback(&3)("ab")),
        SUCCESS,
    ),
    form("alias_in_a_module", || show(alias_in_a_module()), BROKEN),
    form(
        "alias_imported_under_another_name",
        || show(alias_imported_under_another_name()),
        BROKEN,
    ),
    form(
        "alias_async",
        || drive!(alias_async(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "alias_of_a_boxed_future",
        || drive!(alias_of_a_boxed_future(1)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form("alias_in_an_impl", || show(Own.alias_in_an_impl()), BROKEN),
    form(
        "full_path_of_result",
        || show(full_path_of_result()),
        BROKEN,
    ),
    form(
        "full_path_of_option",
        || show(full_path_of_option()),
        SUCCESS,
    ),
    form(
        "self_as_the_error",
        || show(Own.self_as_the_error().is_err()),
        &[Failure("late", &[])],
    ),
    form(
        "result_of_self",
        || show(Own::result_of_self().is_ok()),
        SUCCESS,
    ),
    form(
        "one_letter_type_in_a_result",
        || show(one_letter_type_in_a_result(0)),
        BROKEN,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn alias(count: u8) -> Answer<u8> {
    count.checked_sub(1).ok_or(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn alias_of_two(count: u8) -> Twice<u8, Broken> {
    Ok(count.checked_sub(1).ok_or(Broken)?)
}

#[instrumented_operation(forms::FormRun)]
fn alias_of_an_alias(count: u8) -> OfAlias<u8> {
    if count == 0 {
        return Err(Broken);
    }
    Ok(None)
}

#[instrumented_operation(forms::FormRun)]
fn alias_without_parameters() -> Outcome {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn alias_of_a_unit() -> Unit {
    note("unit");
}

#[instrumented_operation(forms::FormRun)]
fn alias_with_a_default(count: u8) -> Pair<u8> {
    (count, count)
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn alias_of_io() -> std::io::Result<u8> {
    Err(std::io::ErrorKind::NotFound.into())
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn alias_of_fmt() -> std::fmt::Result {
    Err(std::fmt::Error)
}

#[instrumented_operation(forms::FormRun)]
fn alias_of_a_callback(count: &usize) -> Callback<'_> {
    Box::new(move |text| text.len() + count)
}

mod inner {
    pub(super) type Outcome<T> = core::result::Result<T, super::Broken>;
}

#[instrumented_operation(forms::FormRun)]
fn alias_in_a_module() -> inner::Outcome<u8> {
    Err(Broken)
}

use inner::Outcome as Renamed;

#[instrumented_operation(forms::FormRun)]
fn alias_imported_under_another_name() -> Renamed<()> {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun)]
async fn alias_async(count: u8) -> Answer<u8> {
    pause().await;
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(rest)
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Answer<T>> + Send + 'a>>;

#[instrumented_operation(forms::FormRun)]
fn alias_of_a_boxed_future(count: u8) -> Boxed<'static, u8> {
    Box::pin(async move {
        pause().await;
        Ok(count)
    })
}

#[derive(Debug)]
struct Own;

trait HasAlias {
    type Checked;
    fn alias_in_an_impl(&self) -> Answer<u8>;
}

impl HasAlias for Own {
    type Checked = Answer<u8>;

    #[instrumented_operation(forms::FormRun)]
    fn alias_in_an_impl(&self) -> Answer<u8> {
        Err(Broken)
    }
}

#[instrumented_operation(forms::FormRun)]
fn full_path_of_result() -> ::std::result::Result<(), Broken> {
    Err(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn full_path_of_option() -> ::core::option::Option<u8> {
    None
}

impl Own {
    #[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
    fn self_as_the_error(self) -> Result<u8, Self> {
        Err(self)
    }

    #[instrumented_operation(forms::FormRun)]
    fn result_of_self() -> Result<Self, Broken> {
        Ok(Self)
    }
}

#[instrumented_operation(forms::FormRun)]
fn one_letter_type_in_a_result(x: u8) -> Result<P, Broken> {
    if x == 0 { Err(Broken) } else { Ok(P { x }) }
}

#[derive(Debug)]
struct P {
    x: u8,
}
