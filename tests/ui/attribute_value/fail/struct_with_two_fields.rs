//! A struct with two fields.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkName)]
struct Name(String, String);

fn main() {}
