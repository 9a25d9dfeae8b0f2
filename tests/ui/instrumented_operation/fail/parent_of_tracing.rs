//! A span of `tracing` as the parent.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun, parent = &tracing::Span::current())]
fn span() {}

fn main() {}
