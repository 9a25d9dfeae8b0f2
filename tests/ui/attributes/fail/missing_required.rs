//! A required attribute without a field.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
struct Mine {
    #[attribute(work.name)]
    name: String,
}

fn main() {}
