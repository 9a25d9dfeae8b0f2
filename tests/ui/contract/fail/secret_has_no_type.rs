//! A secret attribute has no type.

use test_vocabulary::forms;

fn pin() -> forms::PersonPin {
    unimplemented!()
}

fn main() {}
