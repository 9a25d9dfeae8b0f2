//! A boxed future that is not built where the function ends.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form(inner: std::pin::Pin<Box<dyn Future<Output = u8>>>) -> std::pin::Pin<Box<dyn Future<Output = u8>>> { inner }

fn main() {}
