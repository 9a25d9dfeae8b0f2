//! Which attribute?

use test_vocabulary::forms;

#[derive(forms::AttributeValue)]
enum Size {
    Small,
}

fn main() {}
