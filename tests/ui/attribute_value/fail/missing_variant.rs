//! A value without a variant.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
}

fn main() {}
