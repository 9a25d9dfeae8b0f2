//! Functions with the return type `!`, sync and async: the operation ends when the function unwinds or its future is
//! dropped.

use otel_contract_tests::{block_on, assert_cancelled, assert_failed, record, twins};
use std::panic::catch_unwind;

twins! {
    #[instrumented_operation(forms::FormRun)]
    pub fn form() -> ! {
        std::panic::resume_unwind(Box::new("out"))
    }

    #[instrumented_operation(forms::FormRun)]
    pub async fn forever() -> ! {
        loop {
            std::future::pending::<()>().await;
        }
    }
}

pub(crate) fn main() {
    let caught = |form: fn() -> !| *catch_unwind(|| form()).unwrap_err().downcast::<&str>().unwrap();
    let (result, spans) = record(|| caught(ours::form));
    assert_eq!(result, caught(twin::form));
    assert_failed(&spans, "form.run", "panic", &[]);
    let ((), spans) = record(|| {
        block_on(async {
            tokio::select! {
                biased;
                _ = ours::forever() => {}
                _ = twin::forever() => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    assert_cancelled(&spans, "form.run", &[]);
}
