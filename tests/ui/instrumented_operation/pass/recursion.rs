//! A recursive function: every call is an operation inside the operation of the previous call.

use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{self, instrumented_operation};

fn twin(n: u32) -> u32 {
    if n == 0 { 1 } else { n * twin(n - 1) }
}

#[instrumented_operation(forms::FormRun, work.count = n)]
fn form(n: u32) -> u32 {
    if n == 0 { 1 } else { n * form(n - 1) }
}

#[instrumented_operation(forms::FormRun, work.count = n)]
async fn asynchronous(n: u32) -> u32 {
    if n == 0 { 1 } else { n * Box::pin(asynchronous(n - 1)).await }
}

pub(crate) fn main() {
    for spans in [
        record(|| assert_eq!(form(3), twin(3))).1,
        record(|| assert_eq!(block_on(asynchronous(3)), twin(3))).1,
    ] {
        let counts: Vec<_> = spans.iter().map(|span| span.attributes[0].value.to_string()).collect();
        assert_eq!(counts, ["0", "1", "2", "3"]);
        for pair in spans.windows(2) {
            assert_eq!(pair[0].parent_span_id, pair[1].span_context.span_id());
        }
    }
}
