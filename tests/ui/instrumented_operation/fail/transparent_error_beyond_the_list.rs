//! An error class that the operation does not list, inside another error.

use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, late)]
struct Late;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Outer {
    #[error_class(transparent)]
    Inner(Late),
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n))]
async fn form() -> Result<u8, Outer> { Err(Outer::Inner(Late)) }

fn main() {}
