//! A struct whose field is no value of the attribute.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
struct Size(String);

fn main() {}
