//! A struct whose field has the wrong type for the attribute.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind)]
struct Size(String);

fn main() {}
