//! A field of the wrong type for its attribute.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: u8,
    #[attribute(work.count)]
    count: u8,
}

fn main() {}
