//! An `Option` for what the group requires.

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
