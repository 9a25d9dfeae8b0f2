//! A struct that does not say its class.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms)]
struct Broken;

fn main() {}
