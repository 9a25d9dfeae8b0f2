//! The attribute `#[error_class(…)]` written twice.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
#[error_class(forms, late)]
struct Broken;

fn main() {}
