//! Values of attributes.

use otel_contract_tests::{assert_succeeded, record};
use test_vocabulary::forms::{self, instrumented_operation};

#[test]
fn literals_of_several_types_are_recorded() {
    #[instrumented_operation(forms::FullRun, work.name = "bar", work.urgent = true, work.count = 1)]
    fn form() {}
    let ((), spans) = record(form);
    let expected = [
        ("work.name", "bar"),
        ("work.urgent", "true"),
        ("work.count", "1"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
}

#[test]
fn an_argument_that_is_not_named_is_not_recorded() {
    #[instrumented_operation(forms::FormRun, work.name = "bar")]
    fn form(parameter: u32) -> u32 {
        parameter
    }
    let (parameter, spans) = record(|| form(1));
    assert_eq!(parameter, 1);
    assert_succeeded(&spans, "form.run", &[("work.name", "bar")]);
}

#[test]
fn an_attribute_without_an_initial_value_is_not_recorded() {
    #[instrumented_operation(forms::FormRun, work.name = "bar", work.count = None::<i64>)]
    fn form() {}
    let ((), spans) = record(form);
    assert_succeeded(&spans, "form.run", &[("work.name", "bar")]);
}

#[test]
fn an_expression_over_an_argument_is_recorded() {
    #[instrumented_operation(forms::FormRun, work.count = text.len())]
    fn form(text: &str) {}
    let ((), spans) = record(|| form("hello world"));
    assert_succeeded(&spans, "form.run", &[("work.count", "11")]);
}

#[test]
fn two_expressions_over_one_argument_are_recorded() {
    #[instrumented_operation(forms::FullRun, work.count = text.len(), work.urgent = text.is_empty())]
    fn form(text: &str) {
        let _ = text;
    }
    let ((), spans) = record(|| form("hello world"));
    assert_succeeded(
        &spans,
        "full.run",
        &[("work.count", "11"), ("work.urgent", "false")],
    );
}

#[test]
fn an_attribute_and_an_argument_of_the_same_name_do_not_clash() {
    #[instrumented_operation(forms::FormRun, work.name = work_name.trim(), work.count = work_name.len())]
    fn of_the_argument(work_name: &str) {}
    #[instrumented_operation(forms::FormRun, work.name = "name")]
    fn of_a_literal(work_name: &str) -> usize {
        work_name.len()
    }
    let ((), spans) = record(|| of_the_argument(" hello "));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.name", "hello"), ("work.count", "7")],
    );
    let (length, spans) = record(|| of_a_literal("hello"));
    assert_eq!(length, 5);
    assert_succeeded(&spans, "form.run", &[("work.name", "name")]);
}

#[test]
fn a_field_of_self_is_recorded() {
    struct Held {
        name: &'static str,
    }
    impl Held {
        #[instrumented_operation(forms::FormRun, work.name = self.name)]
        fn form(&self) {}
    }
    let held = Held {
        name: "hello world",
    };
    let ((), spans) = record(|| held.form());
    assert_succeeded(&spans, "form.run", &[("work.name", "hello world")]);
}

#[test]
fn an_owned_string_is_recorded_and_stays_with_the_body() {
    #[instrumented_operation(forms::FormRun, work.name = &text)]
    fn form(text: String) -> String {
        text
    }
    let (text, spans) = record(|| form(String::from("hello world")));
    assert_eq!(text, "hello world");
    assert_succeeded(&spans, "form.run", &[("work.name", "hello world")]);
}

#[test]
fn a_key_with_a_keyword_in_it_is_recorded() {
    #[instrumented_operation(forms::FormRun, job.type = kind)]
    fn form(kind: forms::JobType) {
        let _ = kind;
    }
    let ((), spans) = record(|| form(forms::JobType::Batch));
    assert_succeeded(&spans, "form.run", &[("job.type", "batch")]);
}

#[test]
fn a_key_in_quotes_is_recorded() {
    #[instrumented_operation(forms::FormRun, "work.name" = "bar")]
    fn form() {}
    let ((), spans) = record(form);
    assert_succeeded(&spans, "form.run", &[("work.name", "bar")]);
}

#[test]
fn constants_of_modules_functions_and_types_are_values() {
    const NAME: &str = "constant";
    const fn count() -> i64 {
        3
    }
    struct Held;
    impl Held {
        const SHARE: f64 = 0.5;
    }
    #[instrumented_operation(
        forms::FullRun,
        work.name = NAME,
        work.count = count(),
        work.share = Held::SHARE,
    )]
    fn form() {}
    let ((), spans) = record(form);
    let expected = [
        ("work.name", "constant"),
        ("work.count", "3"),
        ("work.share", "0.5"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
}

#[test]
fn arguments_of_several_types_are_recorded_at_each_call() {
    #[instrumented_operation(forms::FullRun, work.count = count, work.urgent = urgent, work.name = &name)]
    fn form(count: i64, urgent: bool, name: String) {}
    for (count, urgent, name) in [(2, false, "Cool"), (3, true, "Still Cool")] {
        let ((), spans) = record(|| form(count, urgent, name.to_owned()));
        let (count, urgent) = (count.to_string(), urgent.to_string());
        let expected = [
            ("work.count", count.as_str()),
            ("work.urgent", urgent.as_str()),
            ("work.name", name),
        ];
        assert_succeeded(&spans, "full.run", &expected);
    }
}

#[test]
fn arguments_without_debug_need_no_skip_option() {
    struct Opaque;
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn form(count: i64, _first: Opaque, _second: Opaque) {}
    let ((), spans) = record(|| form(2, Opaque, Opaque));
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
}
