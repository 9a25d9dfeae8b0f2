//! The text of an error is recorded only if the error declares it safe.

use otel_contract_tests::{record};
use test_vocabulary::forms::{self, instrumented_operation};

use opentelemetry::trace::Status;

#[derive(Debug, thiserror::Error, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error("card 4111 1111")]
    #[error_class(denied)]
    Private,
    #[error("gave up after {0} tries")]
    #[error_class(late, describe)]
    Safe(u32),
    #[error(transparent)]
    #[error_class(transparent)]
    Inner(#[from] Inner),
}

#[derive(Debug, thiserror::Error, forms::ErrorClass)]
#[error("inside")]
#[error_class(forms, broken, describe)]
struct Inner;

#[instrumented_operation(forms::FormRun)]
fn form(failure: Failure) -> Result<(), Failure> {
    Err(failure)
}

pub(crate) fn main() {
    let cases = [(Failure::Private, ""), (Failure::Safe(3), "gave up after 3 tries"), (Failure::Inner(Inner), "inside")];
    for (failure, text) in cases {
        let (_, spans) = record(|| form(failure));
        assert_eq!(spans[0].status, Status::error(text));
        assert!(spans[0].events.is_empty());
    }
}
