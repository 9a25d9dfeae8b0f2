//! An option that does not exist.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken, descibe)]
struct Broken;

fn main() {}
