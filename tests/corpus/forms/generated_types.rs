//! Return types that arrive as fragments of a macro.

use super::prelude::*;

const BROKEN: &[Operation] = &[Failure("broken", &[])];

type Answer<T> = Result<T, Broken>;

pub(crate) const FORMS: &[Form] = &[
    form("fragment_result", || show(fragment_result()), BROKEN),
    form("fragment_alias", || show(fragment_alias()), BROKEN),
    form(
        "fragment_result_async",
        || drive!(fragment_result_async()),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form("fragment_success", || show(fragment_success()), SUCCESS),
    form(
        "fragment_unit",
        || {
            fragment_unit();
            show(())
        },
        SUCCESS,
    ),
    form("fragment_reference", || show(fragment_reference()), SUCCESS),
    form(
        "fragment_in_an_impl",
        || show(Made.fragment_in_an_impl()),
        BROKEN,
    ),
];

macro_rules! fragment {
    ($name:ident, $ret:ty, $body:expr) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name() -> $ret {
            $body
        }
    };
    (async $name:ident, $ret:ty, $body:expr) => {
        #[instrumented_operation(forms::FormRun)]
        async fn $name() -> $ret {
            pause().await;
            $body
        }
    };
}

fragment!(fragment_result, Result<u8, Broken>, Err(Broken));
fragment!(fragment_alias, Answer<u8>, Err(Broken));
fragment!(async fragment_result_async, Result<u8, Broken>, Err(Broken));
fragment!(
    fragment_success,
    Result<Vec<u8>, Broken>,
    Ok((0..3).collect())
);
fragment!(fragment_unit, (), note("unit"));
fragment!(fragment_reference, &'static str, "text");

struct Made;

macro_rules! method {
    ($type:ty, $name:ident, $ret:ty) => {
        impl $type {
            #[instrumented_operation(forms::FormRun)]
            fn $name(&self) -> $ret {
                Err(Broken)
            }
        }
    };
}
method!(Made, fragment_in_an_impl, Result<(), Broken>);
