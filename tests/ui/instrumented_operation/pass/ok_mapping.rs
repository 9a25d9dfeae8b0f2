//! `ok(…)` reads the `Ok` value or a plain returned value, replaces attributes that were set at entry, and is not
//! called on failure.

use otel_contract_tests::{assert_failed, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, PartialEq, forms::ErrorClass)]
#[error_class(forms, denied)]
struct Denied;

#[instrumented_operation(forms::StrictRun, work.name = name, ok(|(count, _)| work.count = count), err(|_: &Denied| forms::ErrorType::Broken))]
fn strict(name: &str) -> Result<(usize, ()), Denied> {
    if name.is_empty() { Err(Denied) } else { Ok((name.len(), ())) }
}

#[instrumented_operation(forms::FormRun, work.count = 0, ok(|count| work.count = count, work.kind = "small"))]
fn plain() -> u32 {
    5
}

#[instrumented_operation(forms::FormRun, ok(|values| work.count = values.as_ref().map(|v| v.len())))]
fn optional(some: bool) -> Option<Vec<u32>> {
    some.then(|| vec![1, 2])
}

pub(crate) fn main() {
    let (result, spans) = record(|| strict("abc"));
    assert_eq!(result, Ok((3, ())));
    assert_succeeded(&spans, "strict.run", &[("work.name", "abc"), ("work.count", "3")]);
    let (result, spans) = record(|| strict(""));
    assert_eq!(result, Err(Denied));
    assert_failed(&spans, "strict.run", "broken", &[("work.name", "")]);
    let (result, spans) = record(plain);
    assert_eq!(result, 5);
    assert_succeeded(&spans, "form.run", &[("work.count", "5"), ("work.kind", "small")]);
    let (_, spans) = record(|| optional(true));
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
    let (_, spans) = record(|| optional(false));
    assert_succeeded(&spans, "form.run", &[]);
}
