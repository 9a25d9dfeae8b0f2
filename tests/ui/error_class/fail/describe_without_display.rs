//! A text to store of an error that has none.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken, describe)]
struct Broken;

fn main() {}
