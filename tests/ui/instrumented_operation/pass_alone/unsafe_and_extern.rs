//! `unsafe`, `extern "C"` and `async unsafe` functions.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};

twins! {
    #[instrumented_operation(forms::FormRun)]
    pub unsafe fn read(pointer: *const u32) -> u32 {
        unsafe { *pointer }
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    pub extern "C" fn extern_c(count: i32) -> i32 {
        count + 1
    }

    #[instrumented_operation(forms::FormRun)]
    pub async unsafe fn read_async(pointer: &u32) -> u32 {
        unsafe { std::ptr::read(pointer) }
    }
}

pub fn main() {
    let value = 5;
    let (result, spans) = record(|| unsafe { ours::read(&value) });
    assert_eq!(result, unsafe { twin::read(&value) });
    assert_succeeded(&spans, "form.run", &[]);
    let extern_c: extern "C" fn(i32) -> i32 = ours::extern_c;
    let (result, spans) = record(|| extern_c(1));
    assert_eq!(result, twin::extern_c(1));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| block_on(unsafe { ours::read_async(&value) }));
    assert_eq!(result, block_on(unsafe { twin::read_async(&value) }));
    assert_succeeded(&spans, "form.run", &[]);
}
