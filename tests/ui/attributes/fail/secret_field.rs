//! A field that must not be recorded.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.count)]
    count: u8,
    #[attribute(person.pin)]
    pin: u16,
}

fn main() {}
