//! A class without its contract.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(late)]
struct Late;

#[derive(Debug, forms::ErrorClass)]
#[error_class("late")]
struct Quoted;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms::ErrorType::Late)]
struct Variant;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms::late)]
struct Path;

mod inner {
    use test_vocabulary::forms;

    #[derive(Debug, forms::ErrorClass)]
    #[error_class(self::forms)]
    pub struct OfThisModule;
}

#[instrumented_operation(forms::FormRun)]
fn form() -> Result<(), inner::OfThisModule> { Ok(()) }

#[derive(Debug, forms::ErrorClass)]
#[error_class(late)]
enum Failure {
    Late,
    Later,
}

#[derive(Debug, forms::ErrorClass)]
enum Variants {
    #[error_class(late)]
    Late,
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Repeated {
    #[error_class(forms, late)]
    Late,
    #[error_class(forms::late)]
    Later,
    #[error_class(forms::ErrorType::Denied)]
    Denied,
}

fn main() {}
