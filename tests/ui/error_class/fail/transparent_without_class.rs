//! `transparent` for an inner error without a class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(transparent)]
    Io(std::io::Error),
}

fn main() {}
