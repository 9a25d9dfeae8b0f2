//! The handle in what runs before the future is made.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun as op)]
fn form(count: u32) -> std::pin::Pin<Box<dyn Future<Output = u32>>> {
    op.work_count(count);
    Box::pin(async move { count })
}

fn main() {}
