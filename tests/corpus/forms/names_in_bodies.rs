//! Names that a body brings into scope and that the signature or the expansion also uses.

use super::prelude::*;

const BROKEN: &[Operation] = &[Failure("broken", &[]), Cancelled(&[])];

pub(crate) const FORMS: &[Form] = &[
    form(
        "imports_variants_named_ok",
        || drive!(imports_variants_named_ok(true)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "defines_a_macro_named_panic",
        || drive!(defines_a_macro_named_panic()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "imports_result_before_a_boxed_future",
        || drive!(imports_result_before_a_boxed_future()),
        BROKEN,
    ),
    form(
        "imports_result_in_a_boxed_future",
        || drive!(imports_result_in_a_boxed_future()),
        BROKEN,
    ),
    form(
        "imports_result_before_a_future",
        || drive!(imports_result_before_a_future()),
        BROKEN,
    ),
    form(
        "defines_pin_and_option_before_a_boxed_future",
        || drive!(defines_pin_and_option_before_a_boxed_future()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "imports_result_without_async",
        || show(imports_result_without_async()),
        &[Failure("broken", &[])],
    ),
    form(
        "defines_option_without_async",
        || show(defines_option_without_async(Some(1))),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "hides_std_and_core",
        || drive!(hides_std_and_core()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "hides_the_contract",
        || drive!(hides_the_contract(3)),
        &[
            Success(&[("work.count", "3")]),
            Cancelled(&[("work.count", "3")]),
        ],
    ),
    form(
        "hides_the_contract_without_async",
        || show(hides_the_contract_without_async(3)),
        &[Success(&[("work.count", "3")])],
    ),
];

#[instrumented_operation(forms::FormRun)]
async fn imports_variants_named_ok(first: bool) -> &'static str {
    enum Answer {
        Ok,
        Err,
        Some,
        None,
    }
    use Answer::*;
    pause().await;
    match if first { Ok } else { None } {
        Ok => "ok",
        Err => "err",
        Some => "some",
        None => "none",
    }
}

#[instrumented_operation(forms::FormRun)]
async fn defines_a_macro_named_panic() -> u8 {
    macro_rules! panic {
        () => {
            3
        };
    }
    macro_rules! unreachable {
        () => {
            4
        };
    }
    pause().await;
    panic!() + unreachable!()
}

#[instrumented_operation(forms::FormRun)]
fn imports_result_before_a_boxed_future() -> Pin<Box<dyn Future<Output = Result<u8, Broken>>>> {
    use std::fmt::Result;
    let formatted: Result = Ok(());
    note(show(formatted));
    Box::pin(async move {
        pause().await;
        Err(Broken)
    })
}

#[instrumented_operation(forms::FormRun)]
fn imports_result_in_a_boxed_future() -> Pin<Box<dyn Future<Output = Result<u8, Broken>>>> {
    Box::pin(async move {
        use std::fmt::Result;
        let formatted: Result = Ok(());
        note(show(formatted));
        pause().await;
        Err(Broken)
    })
}

#[instrumented_operation(forms::FormRun)]
fn imports_result_before_a_future() -> impl Future<Output = Result<u8, Broken>> {
    use std::fmt::Result;
    let formatted: Result = Ok(());
    note(show(formatted));
    async move {
        pause().await;
        Err(Broken)
    }
}

#[instrumented_operation(forms::FormRun)]
fn defines_pin_and_option_before_a_boxed_future() -> Pin<Box<dyn Future<Output = u8>>> {
    struct Pin;
    struct Option;
    let _ = (Pin, Option);
    Box::pin(async move {
        pause().await;
        5
    })
}

#[instrumented_operation(forms::FormRun)]
fn imports_result_without_async() -> Result<u8, Broken> {
    use std::fmt::Result;
    let formatted: Result = Ok(());
    note(show(formatted));
    Err(Broken)
}

#[instrumented_operation(forms::FormRun, work.count = value)]
fn defines_option_without_async(value: Option<u8>) -> Option<u8> {
    enum Option {
        None,
    }
    let _none = Option::None;
    value
}

#[instrumented_operation(forms::FormRun)]
async fn hides_std_and_core() -> u8 {
    mod std {
        pub(super) fn one() -> u8 {
            1
        }
    }
    mod core {
        pub(super) fn two() -> u8 {
            2
        }
    }
    pause().await;
    std::one() + core::two()
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn hides_the_contract(count: u8) -> u8 {
    mod forms {
        pub(super) struct FormRun(pub(super) u8);
    }
    pause().await;
    forms::FormRun(count).0
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn hides_the_contract_without_async(count: u8) -> u8 {
    mod forms {
        pub(super) struct FormRun(pub(super) u8);
    }
    forms::FormRun(count).0
}
