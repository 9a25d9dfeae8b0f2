//! A future inside the returned value: the duration would not include the future.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn result() -> Result<impl Future<Output = u8>, std::convert::Infallible> {
    Ok(async { 1 })
}

#[instrumented_operation(forms::FormRun)]
fn option() -> Option<std::pin::Pin<Box<dyn Future<Output = u8>>>> {
    Some(Box::pin(async { 1 }))
}

fn main() {}
