//! A value without its quotes.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    #[attribute_value(large)]
    Big,
}

fn main() {}
