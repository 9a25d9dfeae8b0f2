//! A key the group does not have.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.nmae)]
    name: String,
    #[attribute(work.count)]
    count: u8,
    #[attribute(work.step)]
    step: u8,
}

fn main() {}
