//! `err(…)`: errors of other crates, errors that are not failures, generic return types, unlisted classes.

use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use forms::ErrorType;

#[instrumented_operation(forms::FormRun, err(|error| match error.to_string().as_str() { "late" => ErrorType::Late, _ => ErrorType::Other }))]
fn foreign(text: &'static str) -> anyhow::Result<u32> {
    anyhow::bail!(text)
}

#[instrumented_operation(forms::FormRun, err(|error| (error.kind() != std::io::ErrorKind::NotFound).then_some(ErrorType::Broken)))]
async fn some(kind: std::io::ErrorKind) -> std::io::Result<()> {
    Err(kind.into())
}

#[instrumented_operation(forms::FormRun, err(|value| value.is_late().then_some(ErrorType::Late)))]
fn generic<T: MaybeLate>(value: T) -> T {
    value
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|count| work.count = count), err(|error| denied(error)))]
fn beyond() -> Result<u32, String> {
    Err("denied is not in the list of the operation".to_owned())
}

// The class that a function returns is known only at run time.
fn denied(_: &str) -> ErrorType {
    ErrorType::Denied
}

trait MaybeLate {
    fn is_late(&self) -> bool;
}

impl MaybeLate for bool {
    fn is_late(&self) -> bool {
        *self
    }
}

pub(crate) fn main() {
    let (_, spans) = record(|| foreign("late"));
    assert_failed(&spans, "form.run", "late", &[]);
    let (_, spans) = record(|| foreign("?"));
    assert_failed(&spans, "form.run", "_OTHER", &[]);
    let (_, spans) = record(|| block_on(some(std::io::ErrorKind::NotFound)));
    assert_succeeded(&spans, "form.run", &[]);
    let (_, spans) = record(|| block_on(some(std::io::ErrorKind::Other)));
    assert_failed(&spans, "form.run", "broken", &[]);
    let (_, spans) = record(|| generic(true));
    assert_failed(&spans, "form.run", "late", &[]);
    let (_, spans) = record(|| generic(false));
    assert_succeeded(&spans, "form.run", &[]);
    let (_, spans) = record(beyond);
    assert_failed(&spans, "strict.run", "_OTHER", &[("work.name", "x")]);
}
