//! An attribute without its contract.

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
#[attribute_value(WorkKind)]
enum Size {
    Small,
    Large,
}

fn main() {}
