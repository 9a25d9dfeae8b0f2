//! Arguments that are patterns, `mut` arguments, unused and underscore ones.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

struct Point {
    x: i64,
    y: i64,
}

fn twin((a, b): (i64, i64), Point { x, y }: Point, [first, ..]: [i64; 3], mut sum: i64, _: u8, _unused: String) -> i64 {
    sum += a + b + x + y + first;
    sum
}

#[instrumented_operation(forms::FormRun, work.count = a + x)]
fn form((a, b): (i64, i64), Point { x, y }: Point, [first, ..]: [i64; 3], mut sum: i64, _: u8, _unused: String) -> i64 {
    sum += a + b + x + y + first;
    sum
}

#[instrumented_operation(forms::FormRun, work.count = a)]
async fn asynchronous((a, mut b): (i64, i64), &c: &i64) -> i64 {
    b += c;
    a + b
}

fn main() {
    let arguments = || ((1, 2), Point { x: 3, y: 4 }, [5, 6, 7], 8, 0, String::new());
    let (a, b, c, d, e, f) = arguments();
    let expected = twin(a, b, c, d, e, f);
    let (a, b, c, d, e, f) = arguments();
    let (result, spans) = record(|| form(a, b, c, d, e, f));
    assert_eq!(result, expected);
    succeeded(&spans, "form.run", &[("work.count", "4")]);
    let (result, spans) = record(|| block_on(asynchronous((1, 2), &3)));
    assert_eq!(result, 6);
    succeeded(&spans, "form.run", &[("work.count", "1")]);
}
