//! Functions: names, bodies, generics, methods, and names that are already used.

use crate::names;
use otel_contract_tests::{assert_succeeded, record};
use test_vocabulary::forms::{self, instrumented_operation};

#[test]
fn inner_attributes_of_a_body_apply_to_it() {
    #[deny(unused_variables)]
    #[allow(clippy::mixed_attributes_style)]
    #[instrumented_operation(forms::FormRun)]
    fn form() {
        #![allow(unused_variables)]
        let unused = 42;
    }
    let ((), spans) = record(form);
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn the_span_has_the_name_of_the_operation_and_not_of_the_function() {
    #[instrumented_operation(forms::PlainRun)]
    fn called_otherwise() {}
    #[instrumented_operation(forms::FormRun)]
    fn plain_run() {}
    let ((), spans) = record(|| {
        called_otherwise();
        plain_run();
    });
    assert_eq!(names(&spans), ["plain.run", "form.run"]);
}

#[test]
fn operations_are_named_by_path_by_import_and_by_another_name_of_the_module() {
    use test_vocabulary::forms as words;
    use test_vocabulary::forms::PlainRun;
    #[instrumented_operation(test_vocabulary::forms::PlainRun)]
    fn by_path() {}
    #[instrumented_operation(words::PlainRun)]
    fn by_another_name() {}
    #[instrumented_operation(PlainRun)]
    fn by_import() {}
    for form in [by_path, by_another_name, by_import] {
        let ((), spans) = record(form);
        assert_succeeded(&spans, "plain.run", &[]);
    }
}

#[test]
fn the_scope_of_a_span_is_the_contract_wherever_the_function_is() {
    mod deeper {
        use test_vocabulary::forms::{self, instrumented_operation};
        #[instrumented_operation(forms::PlainRun)]
        pub(super) fn form() {}
    }
    #[instrumented_operation(forms::PlainRun)]
    fn form() {}
    let ((), spans) = record(|| {
        form();
        deeper::form();
    });
    for span in &spans {
        assert_eq!(span.instrumentation_scope.name(), "forms");
        assert_eq!(span.instrumentation_scope.version(), Some("0.3.0"));
    }
    assert_eq!(spans.len(), 2);
}

#[test]
fn type_parameters_with_inline_and_where_bounds_are_kept() {
    #[derive(Debug)]
    struct Work;
    #[instrumented_operation(
        forms::FormRun,
        work.name = format!("{first:?} {second:?}"),
    )]
    fn form<S, T: std::fmt::Debug>(first: S, second: T)
    where
        S: std::fmt::Debug,
    {
    }
    let ((), spans) = record(|| form(Work, false));
    assert_succeeded(&spans, "form.run", &[("work.name", "Work false")]);
}

#[test]
fn a_method_records_itself_and_its_argument() {
    #[derive(Debug)]
    struct Work;
    impl Work {
        #[instrumented_operation(forms::FormRun, work.name = format!("{self:?}"), work.count = count)]
        fn form(&self, count: usize) {}
    }
    let ((), spans) = record(|| Work.form(42));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.name", "Work"), ("work.count", "42")],
    );
}

#[test]
fn an_iterator_in_return_position_is_lazy() {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn form(count: usize) -> impl Iterator<Item = usize> {
        0..count
    }
    let (iterator, spans) = record(|| form(10));
    assert_succeeded(&spans, "form.run", &[("work.count", "10")]);
    assert_eq!(iterator.sum::<usize>(), 45);
}

#[test]
fn user_modules_may_have_the_names_of_our_modules() {
    mod otel_contract {
        pub(super) fn answer() -> &'static str {
            "ours"
        }
    }
    mod opentelemetry {
        pub(super) fn answer() -> &'static str {
            "theirs"
        }
    }
    mod core {
        pub(super) fn answer() -> &'static str {
            "everybody's"
        }
    }
    #[instrumented_operation(forms::FormRun, work.name = otel_contract::answer())]
    fn form() -> [&'static str; 2] {
        [opentelemetry::answer(), core::answer()]
    }
    let (answers, spans) = record(form);
    assert_eq!(answers, ["theirs", "everybody's"]);
    assert_succeeded(&spans, "form.run", &[("work.name", "ours")]);
}

#[test]
fn a_glob_import_in_the_body_does_not_change_the_return_type() {
    type Nothing = ();
    #[allow(dead_code)]
    enum Either {
        Nothing,
    }
    // The expansion ends with a value of type `Nothing`. This is `()`, so Clippy reports a missing semicolon.
    #[allow(unused_imports, clippy::semicolon_if_nothing_returned)]
    #[instrumented_operation(forms::FormRun)]
    fn form() -> Nothing {
        use Either::*;
    }
    let ((), spans) = record(form);
    assert_succeeded(&spans, "form.run", &[]);
}
