//! Literals with the wrong suffix, sign or kind for the attribute.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkCode)]
enum Code {
    #[attribute_value(200u8)]
    Fine,
    #[attribute_value(404u8)]
    Missing,
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkCode)]
enum Text {
    #[attribute_value("200")]
    Fine,
    #[attribute_value(404)]
    Missing,
}

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    #[attribute_value('s')]
    Small,
    #[attribute_value(-"large")]
    Large,
}

fn main() {}
