//! A repeated `parent`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, parent = a, parent = b)]
fn form(a: opentelemetry::Context, b: opentelemetry::Context) {}

fn main() {}
