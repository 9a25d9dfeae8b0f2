//! Attributes and docs before and after `#[instrumented_operation]`, `cfg` on arguments, inner attributes.

use otel_contract_tests::{record, assert_succeeded, twins};

twins! {
    /// Documented before.
    #[must_use]
    #[inline]
    #[instrumented_operation(forms::FormRun, work.count = count)]
    /// Documented after.
    #[allow(clippy::needless_return)]
    pub fn form(count: u32, #[cfg(any())] absent: u32, #[allow(unused_variables)] present: u32) -> u32 {
        #![allow(unused_mut)]
        let mut result = count + 1;
        return result;
    }

    #[cfg(any())]
    #[instrumented_operation(forms::FormRun)]
    pub fn absent(this: IsNotCompiled) {}

    #[deprecated(note = "for the test")]
    #[instrumented_operation(forms::FormRun)]
    pub fn deprecated() -> u32 {
        1
    }
}

#[allow(deprecated)]
pub(crate) fn main() {
    let (result, spans) = record(|| ours::form(1, 2));
    assert_eq!(result, twin::form(1, 2));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (result, spans) = record(|| ours::deprecated());
    assert_eq!(result, twin::deprecated());
    assert_succeeded(&spans, "form.run", &[]);
}
