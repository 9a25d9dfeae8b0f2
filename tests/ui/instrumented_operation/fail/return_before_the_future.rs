//! A way out before the future the function ends with: it would not be traced.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn form(text: &str) -> std::pin::Pin<Box<dyn Future<Output = usize> + '_>> {
    if text.is_empty() {
        return Box::pin(async { 0 });
    }
    Box::pin(async move { text.len() })
}

fn main() {}
