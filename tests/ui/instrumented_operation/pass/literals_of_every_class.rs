//! The macro checks literals of every class. Personal ones are recorded protected, all others unchanged.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(
    forms::FullRun,
    work.kind = "small",
    work.code = 404,
    work.step = -2,
    work.urgent = true,
    work.name = "name",
    work.count = 1_000,
    work.share = 0.5,
    work.queue = "q",
    person.email = "ada@example.org",
    person.name = "Ada",
    person.iban = "DE02120300000000202051",
    http.request.method = "GET",
)]
fn form() {}

pub(crate) fn main() {
    let ((), spans) = record(form);
    assert_succeeded(
        &spans,
        "full.run",
        &[
            ("work.kind", "small"),
            ("work.code", "404"),
            ("work.step", "-2"),
            ("work.urgent", "true"),
            ("work.name", "name"),
            ("work.count", "1000"),
            ("work.share", "0.5"),
            ("work.queue", "q"),
            ("person.email", "[redacted]"),
            ("person.name", "[redacted]"),
            ("person.iban", "***2051"),
            ("http.request.method", "GET"),
        ],
    );
}
