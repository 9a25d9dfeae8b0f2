//! A union.

use test_vocabulary::forms;

#[derive(forms::ErrorClass)]
#[error_class(forms, broken)]
union Broken {
    a: u8,
}

fn main() {}
