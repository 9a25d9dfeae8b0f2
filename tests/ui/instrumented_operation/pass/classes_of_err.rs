//! Classes that `err(…)` returns: listed classes, `_OTHER`, and classes that are known only at run time.

use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{self, ErrorType, instrumented_operation};

/// Returns a class that is known only at run time.
fn classify(code: &u8) -> ErrorType {
    match code {
        0 => ErrorType::Broken,
        1 => ErrorType::Late,
        _ => ErrorType::Other,
    }
}

#[instrumented_operation(forms::StrictRun, work.name = "x", ok(|n| work.count = n), err(|code| classify(code)))]
fn at_run_time(code: u8) -> Result<u8, u8> {
    Err(code)
}

// The macro must not reject a class that `err(…)` only compares with, and does not return.
#[instrumented_operation(
    forms::StrictRun,
    work.name = "x",
    ok(|n| work.count = n),
    err(|code| if classify(code) == ErrorType::Late { ErrorType::Broken } else { ErrorType::Other }),
)]
async fn compared(code: u8) -> Result<u8, u8> {
    Err(code)
}

// An operation without a list may fail with any class.
#[instrumented_operation(forms::FormRun, err(|_| ErrorType::Late))]
fn unlisted() -> Result<u8, u8> {
    Err(1)
}

pub(crate) fn main() {
    let ((), spans) = record(|| {
        for code in 0..3 {
            assert_eq!(at_run_time(code), Err(code));
        }
        assert_eq!(block_on(compared(1)), Err(1));
        assert_eq!(block_on(compared(2)), Err(2));
        assert_eq!(unlisted(), Err(1));
    });
    let class = |span: &opentelemetry_sdk::trace::SpanData| {
        let mut attributes = span.attributes.iter();
        let class = attributes.find(|one| one.key.as_str() == "error.type");
        class.map(|one| one.value.to_string())
    };
    let classes: Vec<_> = spans.iter().filter_map(class).collect();
    assert_eq!(classes, ["broken", "_OTHER", "_OTHER", "broken", "_OTHER", "late"]);
}
