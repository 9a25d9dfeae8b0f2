//! Which contract?

use test_vocabulary::forms;

#[derive(Debug, forms::ErrorClass)]
struct Broken;

fn main() {}
