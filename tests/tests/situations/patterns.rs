//! Arguments that are destructured in the signature.

use otel_contract_tests::{assert_succeeded, record};
use test_vocabulary::forms::{self, instrumented_operation};

#[test]
fn bindings_of_a_tuple_are_values_of_attributes() {
    #[instrumented_operation(forms::FormRun, work.count = first, work.name = second.to_string())]
    fn form((first, second): (usize, usize)) {}
    let ((), spans) = record(|| form((1, 2)));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.count", "1"), ("work.name", "2")],
    );
}

#[test]
fn bindings_of_nested_tuples_are_values_of_attributes() {
    #[instrumented_operation(forms::FormRun, work.count = a + b, work.name = format!("{c}{d}"))]
    fn form(((a, b), (c, d)): ((usize, usize), (usize, usize))) {}
    let ((), spans) = record(|| form(((1, 2), (3, 4))));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.count", "3"), ("work.name", "34")],
    );
}

#[test]
fn bindings_behind_a_reference_are_values_of_attributes() {
    #[allow(clippy::trivially_copy_pass_by_ref)]
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn form(&count: &usize) {}
    let ((), spans) = record(|| form(&1));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
}

#[test]
fn bindings_of_a_tuple_struct_are_values_of_attributes() {
    struct Pair(usize, &'static str);
    #[instrumented_operation(forms::FormRun, work.count = count, work.name = name)]
    fn form(Pair(count, name): Pair) {}
    let ((), spans) = record(|| form(Pair(1, "two")));
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.count", "1"), ("work.name", "two")],
    );
}

#[test]
fn renamed_fields_of_a_struct_are_values_of_attributes() {
    struct Size {
        width: usize,
        height: usize,
    }
    #[instrumented_operation(forms::FormRun, work.count = across * down)]
    fn form(
        Size {
            width: across,
            height: down,
        }: Size,
    ) -> (usize, usize) {
        (down, across)
    }
    let (turned, spans) = record(|| {
        form(Size {
            width: 2,
            height: 3,
        })
    });
    assert_eq!(turned, (3, 2));
    assert_succeeded(&spans, "form.run", &[("work.count", "6")]);
}

#[test]
fn bindings_of_every_pattern_at_once_are_values_of_attributes() {
    struct Outer {
        inner: Inner,
        pair: (usize, usize),
        rest: Opaque,
    }
    struct Inner((usize, usize));
    struct Opaque;
    #[instrumented_operation(forms::FormRun, work.count = a + b, work.name = format!("{c}{d}"))]
    fn form(
        &Outer {
            inner: Inner((a, b)),
            pair: (c, d),
            ..
        }: &Outer,
    ) -> usize {
        a + b + c + d
    }
    let outer = Outer {
        inner: Inner((1, 2)),
        pair: (3, 4),
        rest: Opaque,
    };
    let (sum, spans) = record(|| form(&outer));
    let Opaque = outer.rest;
    assert_eq!(sum, 10);
    assert_succeeded(
        &spans,
        "form.run",
        &[("work.count", "3"), ("work.name", "34")],
    );
}
