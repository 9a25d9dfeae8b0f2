//! A value with a letter missing is not missing as well.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    #[attribute_value("lage")]
    Big,
}

fn main() {}
