//! An `Option` for a required attribute of the group.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: Option<String>,
    #[attribute(work.count)]
    count: u8,
}

fn main() {}
