//! An enum.

use test_vocabulary::forms;

#[derive(forms::Attributes)]
#[attributes(forms::Work)]
enum Mine {
    A,
}

fn main() {}
