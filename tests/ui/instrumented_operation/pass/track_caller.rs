//! `#[track_caller]` keeps the caller, in free and in visible inherent functions.

use otel_contract_tests::{record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

use std::panic::Location;

#[track_caller]
fn twin() -> u32 {
    Location::caller().line()
}

#[track_caller]
#[instrumented_operation(forms::FormRun)]
fn form() -> u32 {
    Location::caller().line()
}

#[track_caller]
#[instrumented_operation(forms::FormRun, work.count = a)]
fn generic<T: Into<i64>, const N: usize>(a: i64, b: T, mut sum: i64, _: u8, more: impl Into<i64>) -> (u32, i64) {
    sum += a + b.into() + more.into() + N as i64;
    (Location::caller().line(), sum)
}

struct Work;

impl Work {
    #[track_caller]
    #[instrumented_operation(forms::FormRun)]
    pub fn method(&self) -> u32 {
        Location::caller().line()
    }
}

fn main() {
    let ((ours, theirs), spans) = record(|| (form(), twin()));
    assert_eq!(ours, theirs);
    succeeded(&spans, "form.run", &[]);
    let (((line, sum), here), spans) = record(|| (generic::<i32, 2>(1, 3, 4, 0, 5i32), line!()));
    assert_eq!((line, sum), (here, 15));
    succeeded(&spans, "form.run", &[("work.count", "1")]);
    let ((line, here), spans) = record(|| (Work.method(), line!()));
    assert_eq!(line, here);
    succeeded(&spans, "form.run", &[]);
}
