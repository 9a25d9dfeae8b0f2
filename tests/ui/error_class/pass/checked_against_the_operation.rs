//! Error types whose classes the operation lists, also through type aliases, `Box` and generic functions.

use otel_contract_tests::{block_on, assert_failed, record};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

type Outcome<T> = std::result::Result<T, Box<Broken>>;

#[instrumented_operation(forms::StrictRun, work.name = "alias", ok(|n| work.count = n))]
fn alias() -> Outcome<u32> {
    Err(Box::new(Broken))
}

#[instrumented_operation(forms::StrictRun, work.name = "generic", ok(|n| work.count = n))]
async fn generic<E: forms::ErrorClass>(error: E) -> Result<u32, E>
where
    E: forms::__errors::FailsWith<forms::StrictRun>,
{
    Err(error)
}

#[instrumented_operation(forms::StrictRun, work.name = "never", ok(|n| work.count = n))]
fn never() -> Result<u32, std::convert::Infallible> {
    Ok(1)
}

pub(crate) fn main() {
    let (_, spans) = record(alias);
    assert_failed(&spans, "strict.run", "broken", &[("work.name", "alias")]);
    let (_, spans) = record(|| block_on(generic(Broken)));
    assert_failed(&spans, "strict.run", "broken", &[("work.name", "generic")]);
    let (result, _) = record(never);
    assert_eq!(result, Ok(1));
}
