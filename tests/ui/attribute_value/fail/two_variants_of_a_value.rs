//! Two variants for one value.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Large,
    #[attribute_value("large")]
    Big,
}

fn main() {}
