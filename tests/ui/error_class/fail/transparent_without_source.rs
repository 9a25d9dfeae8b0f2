//! `transparent` with two fields and no source.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(transparent)]
    Both(u8, u8),
}

fn main() {}
