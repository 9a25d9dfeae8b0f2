//! A misspelt class, and an undeclared class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(broke)]
    Broken,
    #[error_class(eaten_by_bears)]
    Eaten,
}

fn main() {}
