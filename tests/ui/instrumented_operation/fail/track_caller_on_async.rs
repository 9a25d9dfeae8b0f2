//! `#[track_caller]` on an `async fn`.

use test_vocabulary::forms::{self, instrumented_operation};

#[track_caller]
#[instrumented_operation(forms::FormRun)]
async fn form() {}

fn main() {}
