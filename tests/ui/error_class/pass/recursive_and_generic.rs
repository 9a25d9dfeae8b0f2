//! A recursive error type, and a function that is generic over its error.

use forms::{ErrorClass as _, ErrorType};
use otel_contract_tests::{assert_failed, record};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Deep {
    #[error_class(broken)]
    Leaf,
    #[error_class(transparent)]
    Again(Box<Deep>),
}

#[instrumented_operation(forms::StrictRun, work.name = "deep", ok(|()| work.count = 1))]
fn deep() -> Result<(), Deep> {
    Err(Deep::Again(Box::new(Deep::Leaf)))
}

#[instrumented_operation(forms::FormRun)]
fn generic<E: forms::ErrorClass>(error: E) -> Result<u32, E> {
    Err(error)
}

pub(crate) fn main() {
    assert_eq!(Deep::CLASSES.all(), [ErrorType::Broken]);
    let (_, spans) = record(deep);
    assert_failed(&spans, "strict.run", "broken", &[("work.name", "deep")]);
    let (_, spans) = record(|| generic(Deep::Leaf));
    assert_failed(&spans, "form.run", "broken", &[]);
}
