//! `describe` for an error without `Display`.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken, describe)]
struct Broken;

fn main() {}
