//! An error type with several classes that the operation does not list.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum AppError {
    #[error_class(broken)]
    Broken,
    #[error_class(late)]
    Late,
    #[error_class(denied)]
    Denied,
    #[error_class(other)]
    Unexpected,
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n))]
fn form() -> Result<u8, AppError> { Err(AppError::Late) }

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Outer {
    #[error_class(transparent)]
    App(AppError),
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n))]
fn through() -> Result<u8, Outer> { Err(Outer::App(AppError::Late)) }

fn main() {}
