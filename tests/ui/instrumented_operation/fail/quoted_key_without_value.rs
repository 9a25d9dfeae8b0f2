//! A quoted key has no shorthand.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FullRun, "http.request.header.x-request-id")]
fn form() {}

fn main() {}
