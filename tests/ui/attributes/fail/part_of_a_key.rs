//! One segment of a key.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(name)]
    name: String,
    #[attribute(count)]
    count: u8,
}

fn main() {}
