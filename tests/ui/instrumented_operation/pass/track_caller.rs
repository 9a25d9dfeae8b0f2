//! `#[track_caller]` keeps the caller, in free functions and in inherent methods with a visibility such as `pub`.

use otel_contract_tests::{record, assert_succeeded, twins};
use std::panic::Location;

twins! {
    #[track_caller]
    #[instrumented_operation(forms::FormRun)]
    pub fn form() -> u32 {
        Location::caller().line()
    }

    #[track_caller]
    #[instrumented_operation(forms::FormRun, work.count = a)]
    pub fn generic<T: Into<i64>, const N: usize>(a: i64, b: T, mut sum: i64, _: u8, more: impl Into<i64>) -> (u32, i64) {
        sum += a + b.into() + more.into() + i64::try_from(N).unwrap();
        (Location::caller().line(), sum)
    }

    pub struct Work;

    impl Work {
        #[track_caller]
        #[instrumented_operation(forms::FormRun)]
        pub fn method(&self) -> u32 {
            Location::caller().line()
        }
    }
}

#[rustfmt::skip]
pub(crate) fn main() {
    let ((ours, twin), spans) = record(|| (ours::form(), twin::form()));
    assert_eq!(ours, twin);
    assert_succeeded(&spans, "form.run", &[]);
    let ((ours, twin), spans) = record(|| (ours::generic::<i32, 2>(1, 3, 4, 0, 5i32), twin::generic::<i32, 2>(1, 3, 4, 0, 5i32)));
    assert_eq!(ours, twin);
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let ((ours, twin), spans) = record(|| (ours::Work.method(), twin::Work.method()));
    assert_eq!(ours, twin);
    assert_succeeded(&spans, "form.run", &[]);
}
