//! Literals of another type than the attribute.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, work.kind = 3, work.code = "200", work.urgent = 1, work.name = 4, work.count = "many", work.share = "half")]
fn form() {}

fn main() {}
