//! Names of domain types, arguments and locals that the standard library or the expansion also uses.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form("domain_result", || show(domain::result()), SUCCESS),
    form("domain_option", || show(domain::option()), SUCCESS),
    form(
        "domain_stream",
        || show(domain::stream(2)),
        &[Success(&[("work.count", "2")])],
    ),
    form("domain_box", || show(domain::boxed()), SUCCESS),
    form("domain_vec", || show(domain::vec()), SUCCESS),
    form(
        "domain_string",
        || show(domain::string("x")),
        &[Success(&[("work.name", "x")])],
    ),
    form(
        "domain_drop",
        || show(domain::dropping(Noisy("held"))),
        SUCCESS,
    ),
    form("domain_std", || show(hidden::shadowed_crates()), SUCCESS),
    form(
        "constructor_named_some",
        || show(constructors::maybe(3)),
        SUCCESS,
    ),
    form(
        "constructor_named_ok",
        || show(constructors::fine(3)),
        SUCCESS,
    ),
    form(
        "argument_shadowed",
        || show(argument_shadowed("a b")),
        &[Success(&[("work.name", "a b")])],
    ),
    form(
        "argument_shadowed_in_async",
        || drive!(argument_shadowed_in_async("a b")),
        &[
            Success(&[("work.name", "a b")]),
            Cancelled(&[("work.name", "a b")]),
        ],
    ),
    form(
        "argument_reassigned",
        || show(argument_reassigned(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "argument_named_result",
        || show(argument_named_result(Ok(1))),
        SUCCESS,
    ),
    form(
        "arguments_named_like_those_of_the_expansion",
        || show(arguments_named_like_those_of_the_expansion(1, 2, 3, 4)),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "locals_named_like_those_of_the_expansion",
        || show(locals_named_like_those_of_the_expansion()),
        SUCCESS,
    ),
    form(
        "argument_named_op",
        || show(argument_named_op(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "argument_named_span",
        || show(argument_named_span("s")),
        &[Success(&[("work.name", "s")])],
    ),
    form(
        "argument_named_forms",
        || show(argument_named_forms(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "argument_named_value",
        || show(argument_named_value(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form("function_named_main", || show(main()), SUCCESS),
    form("function_named_drop", || show(calls::drop(1)), SUCCESS),
    form("function_named_call", || show(calls::call()), SUCCESS),
    form("module_named_core", || show(hidden::core_inside()), SUCCESS),
    form(
        "local_macro_named_vec",
        || show(local_macros::made()),
        SUCCESS,
    ),
    form(
        "method_named_like_its_type",
        || show(Op { count: 3 }.op()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "names_with_underscores",
        || show(names_with_underscores(1, 2)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "associated_function_named_new",
        || show(Op::new(2).count),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "constant_named_like_a_type",
        || show(constant_named_like_a_type()),
        SUCCESS,
    ),
    form(
        "argument_named_like_a_constant",
        || show(argument_named_like_a_constant(2)),
        &[Success(&[("work.count", "2")])],
    ),
];

/// Types with names of the standard library.
mod domain {
    #[allow(unused_imports)] // Only the attribute uses `forms`.
    use super::super::prelude::{forms, instrumented_operation};
    use super::Noisy;

    #[derive(Debug)]
    pub(super) struct Result {
        pub(super) score: u8,
    }

    #[derive(Debug)]
    pub(super) enum Option {
        Call,
        Put,
    }

    #[derive(Debug)]
    pub(super) struct Stream {
        width: u8,
    }

    #[derive(Debug)]
    pub(super) struct Box;

    #[derive(Debug)]
    pub(super) struct Vec(u8);

    #[derive(Debug)]
    pub(super) struct String(&'static str);

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn result() -> Result {
        Result { score: 3 }
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn option() -> [Option; 2] {
        [Option::Call, Option::Put]
    }

    #[instrumented_operation(forms::FormRun, work.count = width)]
    pub(super) fn stream(width: u8) -> Stream {
        Stream { width }
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn boxed() -> Box {
        Box
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn vec() -> Vec {
        Vec(1)
    }

    #[instrumented_operation(forms::FormRun, work.name = text)]
    pub(super) fn string(text: &'static str) -> String {
        String(text)
    }

    fn drop(held: Noisy) -> Noisy {
        held
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn dropping(held: Noisy) -> Noisy {
        drop(held)
    }
}

/// Modules with the names of crates.
mod hidden {
    #[allow(unused_imports)] // Only the attribute uses `forms`.
    use super::super::prelude::{forms, instrumented_operation};

    mod std {
        pub(super) fn answer() -> u8 {
            1
        }
    }

    mod core {
        pub(super) fn answer() -> u8 {
            2
        }
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn shadowed_crates() -> u8 {
        std::answer()
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn core_inside() -> u8 {
        core::answer()
    }
}

/// Constructors with names of the prelude.
mod constructors {
    #[allow(unused_imports)] // Only the attribute uses `forms`.
    use super::super::prelude::{forms, instrumented_operation};

    #[allow(non_snake_case)]
    fn Some(count: u8) -> u8 {
        count + 1
    }

    #[allow(non_snake_case)]
    fn Ok(count: u8) -> u8 {
        count + 2
    }

    #[allow(non_snake_case)]
    fn Err(count: u8) -> u8 {
        count + 3
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn maybe(count: u8) -> u8 {
        Some(count)
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn fine(count: u8) -> u8 {
        Ok(count) + Err(count)
    }
}

mod calls {
    #[allow(unused_imports)] // Only the attribute uses `forms`.
    use super::super::prelude::{forms, instrumented_operation};

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn drop(count: u8) -> u8 {
        count
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn call() -> &'static str {
        "called"
    }
}

mod local_macros {
    #[allow(unused_imports)] // Only the attribute uses `forms`.
    use super::super::prelude::{forms, instrumented_operation};

    macro_rules! vec {
        () => {
            "no vector"
        };
    }

    macro_rules! concat {
        () => {
            "no text"
        };
    }

    #[instrumented_operation(forms::FormRun)]
    pub(super) fn made() -> (&'static str, &'static str) {
        (vec![], concat!())
    }
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn argument_shadowed(text: &str) -> usize {
    let text = text.replace(' ', "");
    text.len()
}

#[instrumented_operation(forms::FormRun, work.name = text)]
async fn argument_shadowed_in_async(text: &str) -> usize {
    let text = text.replace(' ', "");
    pause().await;
    text.len()
}

#[instrumented_operation(forms::FormRun, work.count = count)]
#[allow(unused_assignments)] // The message of the lint differs under the attribute.
fn argument_reassigned(mut count: u8) -> u8 {
    count = 9;
    count
}

#[instrumented_operation(forms::FormRun)]
fn argument_named_result(result: Result<u8, Broken>) -> u8 {
    let value = result.unwrap_or(0);
    let result = value + 1;
    result
}

#[instrumented_operation(forms::FormRun, work.count = __result)]
fn arguments_named_like_those_of_the_expansion(
    __op: u8,
    __result: u8,
    __entry: u8,
    __value: u8,
) -> u8 {
    __op + __result + __entry + __value
}

#[instrumented_operation(forms::FormRun)]
fn locals_named_like_those_of_the_expansion() -> u8 {
    let (__op, __result, __guard, __returned) = (1, 2, 3, 4);
    __op + __result + __guard + __returned
}

#[instrumented_operation(forms::FormRun, work.count = op)]
fn argument_named_op(op: u8) -> u8 {
    op
}

#[instrumented_operation(forms::FormRun, work.name = span)]
fn argument_named_span(span: &str) -> usize {
    span.len()
}

#[instrumented_operation(forms::FormRun, work.count = forms)]
fn argument_named_forms(forms: u8) -> u8 {
    forms
}

#[instrumented_operation(forms::FormRun, work.count = value, ok(|value| work.count = value))]
fn argument_named_value(value: u8) -> u8 {
    value
}

#[instrumented_operation(forms::FormRun)]
fn main() -> &'static str {
    "no entry point"
}

#[derive(Debug)]
struct Op {
    count: u8,
}

impl Op {
    #[instrumented_operation(forms::FormRun as _op, work.count = self.count)]
    fn op(&self) -> u8 {
        let op = self.count;
        op
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn new(count: u8) -> Self {
        Self { count }
    }
}

#[instrumented_operation(forms::FormRun, work.count = _first)]
fn names_with_underscores(_first: u8, _: u8) -> u8 {
    _first
}

#[allow(non_upper_case_globals)]
const Unit: u8 = 4;

#[instrumented_operation(forms::FormRun)]
fn constant_named_like_a_type() -> u8 {
    Unit
}

#[instrumented_operation(forms::FormRun, work.count = COUNT)]
fn argument_named_like_a_constant(COUNT: u8) -> u8 {
    COUNT
}
