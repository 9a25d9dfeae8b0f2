//! The attribute is not named.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
enum Size {
    Small,
}

fn main() {}
