//! A future that is not built where the function ends.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form() -> impl Future<Output = u8> { std::future::ready(1) }

fn main() {}
