//! A key on two fields.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.name)]
    other: String,
    #[attribute(work.count)]
    count: u8,
}

fn main() {}
