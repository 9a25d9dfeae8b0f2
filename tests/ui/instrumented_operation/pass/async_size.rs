//! The future is at most as large as the future without the attribute plus one copy of the argument and 256 bytes.

use otel_contract_tests::{block_on, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

async fn twin(bytes: [u8; 1024]) -> u8 {
    tokio::task::yield_now().await;
    bytes[0]
}

#[instrumented_operation(forms::FormRun, ok(|byte| work.count = byte))]
async fn form(bytes: [u8; 1024]) -> u8 {
    tokio::task::yield_now().await;
    bytes[0]
}

pub(crate) fn main() {
    let (ours, theirs) = (size_of_val(&form([1; 1024])), size_of_val(&twin([1; 1024])));
    assert!(ours <= theirs + 1024 + 256, "{ours} against {theirs}");
    let (result, spans) = record(|| block_on(form([1; 1024])));
    assert_eq!(result, 1);
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
}
