//! A function of type `!`, sync and async: it ends by unwinding or by being dropped.

use otel_contract_tests::{block_on, cancelled, failed, record};
use test_vocabulary::forms::{self, instrumented_operation};

use std::panic::{AssertUnwindSafe, catch_unwind};

#[instrumented_operation(forms::FormRun)]
fn form() -> ! {
    std::panic::resume_unwind(Box::new("out"))
}

#[instrumented_operation(forms::FormRun)]
async fn forever() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

fn main() {
    let (result, spans) = record(|| catch_unwind(AssertUnwindSafe(|| form())).is_err());
    assert!(result);
    failed(&spans, "form.run", "panic", &[]);
    let ((), spans) = record(|| {
        block_on(async {
            tokio::select! {
                biased;
                _ = forever() => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    cancelled(&spans, "form.run", &[]);
}
