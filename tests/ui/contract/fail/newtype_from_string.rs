//! A string is not converted to a newtype attribute implicitly.

use test_vocabulary::forms;

fn token(text: String) -> forms::WorkToken {
    text.into()
}

fn main() {}
