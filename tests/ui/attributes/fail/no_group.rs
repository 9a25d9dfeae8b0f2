//! The group is not named.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
struct Mine {
    name: String,
}

fn main() {}
