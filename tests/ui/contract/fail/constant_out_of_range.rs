//! A constant outside the range fails on `cargo check`.

use test_vocabulary::forms;

const STEP: forms::WorkStep = forms::WorkStep::constant(9);

fn main() {}
