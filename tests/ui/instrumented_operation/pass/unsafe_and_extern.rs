//! `unsafe`, `extern "C"` and `async unsafe` functions.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

/// # Safety
///
/// `pointer` must be valid.
#[instrumented_operation(forms::FormRun)]
unsafe fn read(pointer: *const u32) -> u32 {
    unsafe { *pointer }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
extern "C" fn external(count: i32) -> i32 {
    count + 1
}

/// # Safety
///
/// `pointer` must be valid.
#[instrumented_operation(forms::FormRun)]
async unsafe fn read_later(pointer: &u32) -> u32 {
    unsafe { std::ptr::read(pointer) }
}

fn main() {
    let value = 5;
    let (result, spans) = record(|| unsafe { read(&value) });
    assert_eq!(result, 5);
    succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| external(1));
    assert_eq!(result, 2);
    succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| block_on(unsafe { read_later(&value) }));
    assert_eq!(result, 5);
    succeeded(&spans, "form.run", &[]);
}
