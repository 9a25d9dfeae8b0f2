//! A variant without a value.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Large,
    Enormous,
}

fn main() {}
