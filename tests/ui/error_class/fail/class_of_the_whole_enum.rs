//! One class for a whole enum.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
enum Failure {
    #[error_class(late)]
    Late,
}

fn main() {}
