//! `other` for an attribute without `_OTHER`.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Large,
    #[attribute_value(other)]
    Odd,
}

fn main() {}
