//! Arguments that are patterns, `mut` arguments, unused arguments and underscores.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};

pub struct Point {
    x: i64,
    y: i64,
}

twins! {
    #[instrumented_operation(forms::FormRun, work.count = a + x)]
    pub fn form((a, b): (i64, i64), Point { x, y }: Point, [first, ..]: [i64; 3], mut sum: i64, _: u8, _unused: String) -> i64 {
        sum += a + b + x + y + first;
        sum
    }

    #[instrumented_operation(forms::FormRun, work.count = a)]
    pub async fn asynchronous((a, mut b): (i64, i64), &c: &i64) -> i64 {
        b += c;
        a + b
    }
}

pub(crate) fn main() {
    let point = || Point { x: 3, y: 4 };
    let (result, spans) = record(|| ours::form((1, 2), point(), [5, 6, 7], 8, 0, String::new()));
    assert_eq!(result, twin::form((1, 2), point(), [5, 6, 7], 8, 0, String::new()));
    assert_succeeded(&spans, "form.run", &[("work.count", "4")]);
    let (result, spans) = record(|| block_on(ours::asynchronous((1, 2), &3)));
    assert_eq!(result, block_on(twin::asynchronous((1, 2), &3)));
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
}
