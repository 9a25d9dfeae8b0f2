//! A future behind an alias.

use test_vocabulary::forms::{self, instrumented_operation};

type Later = std::future::Ready<u8>;

#[instrumented_operation(forms::FormRun)]
fn form() -> Later { std::future::ready(1) }

fn main() {}
