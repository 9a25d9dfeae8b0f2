//! `transparent` for an inner error without a class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(transparent)]
    Io(std::io::Error),
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, transparent)]
struct Other(Box<dyn std::error::Error + Send>);

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Outer {
    #[error_class(transparent)]
    Failure(Failure),
    #[error_class(transparent)]
    Boxed { #[allow(dead_code)] source: Box<Outer> },
}

fn main() {}
