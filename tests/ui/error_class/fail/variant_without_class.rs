//! Variants without a class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    Broken,
    #[error_class(late)]
    Late,
    Denied(u8),
}

fn main() {}
