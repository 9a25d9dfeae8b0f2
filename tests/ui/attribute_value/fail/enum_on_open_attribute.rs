//! An enum for an attribute without a set of values.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkName)]
enum Name {
    One,
}

fn main() {}
