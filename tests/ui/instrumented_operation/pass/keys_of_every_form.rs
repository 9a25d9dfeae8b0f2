//! Keys with Rust keywords in them, string-literal keys, and the shorthand.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(
    forms::FullRun,
    job.type = "sync",
    work.name,
    region,
    "work.count" = 3,
    "http.request.header.x-request-id" = request_id,
)]
fn form(work_name: &str, region: forms::Region, request_id: String) -> usize {
    let _ = region;
    work_name.len() + request_id.len()
}

#[instrumented_operation(forms::FullRun, job.type, ok(|Pair { work_name, work_count }| work.name, work.count))]
fn short(job_type: forms::JobType) -> Pair {
    let _ = job_type;
    Pair { work_name: "out", work_count: 4 }
}

struct Pair {
    work_name: &'static str,
    work_count: i64,
}

pub(crate) fn main() {
    let (result, spans) = record(|| form("name", forms::Region::Eu, "r1".to_owned()));
    assert_eq!(result, 6);
    assert_succeeded(
        &spans,
        "full.run",
        &[
            ("job.type", "sync"),
            ("work.name", "name"),
            ("region", "eu"),
            ("work.count", "3"),
            ("http.request.header.x-request-id", "r1"),
        ],
    );
    let (pair, spans) = record(|| short(forms::JobType::Batch));
    assert_eq!((pair.work_name, pair.work_count), ("out", 4));
    assert_succeeded(&spans, "full.run", &[("job.type", "batch"), ("work.name", "out"), ("work.count", "4")]);
}
