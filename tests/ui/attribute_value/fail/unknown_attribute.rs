//! An attribute with a letter missing.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKid)]
enum Size {
    Small,
    Large,
}

fn main() {}
