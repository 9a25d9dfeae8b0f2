//! An unknown key.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, weather.today = "rain")]
fn form() {}

fn main() {}
