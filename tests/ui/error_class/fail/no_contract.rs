//! The contract is not named.

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
struct Broken;

fn main() {}
