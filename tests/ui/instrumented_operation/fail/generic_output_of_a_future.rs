//! A future whose output may be a `Result`.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
fn boxed<T: Send + 'static>(value: T) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>> {
    Box::pin(async move { value })
}

#[instrumented_operation(forms::FormRun)]
fn plain<T>(value: T) -> impl Future<Output = T> {
    async move { value }
}

fn main() {}
