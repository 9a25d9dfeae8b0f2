//! An attribute in place of a group.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::WorkName)]
struct Mine {
    #[attribute(work.name)]
    name: String,
}

fn main() {}
