//! A misspelt value is not also reported as missing.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    #[attribute_value("lage")]
    Big,
}

fn main() {}
