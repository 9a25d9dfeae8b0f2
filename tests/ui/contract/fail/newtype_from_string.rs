//! A newtype attribute is not made from a string by itself.

use test_vocabulary::forms;

fn token(text: String) -> forms::WorkToken {
    text.into()
}

fn main() {}
