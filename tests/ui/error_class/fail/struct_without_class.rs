//! A struct without a class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
struct Broken;

fn main() {}
