//! The attribute of the struct, on a field.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.count)]
    count: u8,
    #[attributes(work.urgent)]
    urgent: bool,
}

fn main() {}
