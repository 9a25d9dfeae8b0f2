//! A key with a dash, not quoted.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, http.request.header.x-request-id = "r")]
fn form() {}

fn main() {}
