//! A literal is accepted if a variable of its type is: suffix, sign and kind are read as rustc reads them.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(
    forms::FullRun,
    work.kind = r"small",
    work.code = 0xC8u8,
    work.step = -(-2i8),
    work.urgent = !true,
    work.name = 'ä',
    work.count = b'a',
    work.share = 1u8,
    work.sizes = b"ab",
    work.tags = ["a", "b"],
    work.flags = &[true, false],
    person.email = 'a',
    person.name = r"Ada",
)]
fn form() {}

#[instrumented_operation(forms::FullRun, work.count = -9_223_372_036_854_775_808, work.share = -0.0, work.name = "\u{e4}\\")]
fn extremes_and_escapes() {}

#[instrumented_operation(forms::FullRun, work.count = &&(5usize), work.share = 5., work.sizes = &[1, 2], work.shares = [0.5, -1.])]
fn references() {}

#[instrumented_operation(forms::FullRun, work.count = 18_446_744_073_709_551_615u64, work.share = 0.1f32)]
fn as_variables() {}

/// The same values as variables.
#[instrumented_operation(forms::FullRun, work.count = count, work.share = share)]
fn variables(count: u64, share: f32) {
    let _ = (count, share);
}

pub(crate) fn main() {
    let ((), spans) = record(form);
    let expected = [
        ("work.kind", "small"),
        ("work.code", "200"),
        ("work.step", "2"),
        ("work.urgent", "false"),
        ("work.name", "ä"),
        ("work.count", "97"),
        ("work.share", "1"),
        ("work.sizes", "[97,98]"),
        ("work.tags", "[\"a\",\"b\"]"),
        ("work.flags", "[true,false]"),
        ("person.email", "[redacted]"),
        ("person.name", "[redacted]"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
    let ((), spans) = record(extremes_and_escapes);
    let expected = [
        ("work.count", "-9223372036854775808"),
        ("work.share", "-0"),
        ("work.name", "ä\\"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
    let ((), spans) = record(references);
    let expected = [
        ("work.count", "5"),
        ("work.share", "5"),
        ("work.sizes", "[1,2]"),
        ("work.shares", "[0.5,-1]"),
    ];
    assert_succeeded(&spans, "full.run", &expected);
    let expected = [
        ("work.count", "9223372036854775807"),
        ("work.share", "0.10000000149011612"),
    ];
    let ((), spans) = record(as_variables);
    assert_succeeded(&spans, "full.run", &expected);
    let ((), spans) = record(|| variables(u64::MAX, 0.1));
    assert_succeeded(&spans, "full.run", &expected);
}
