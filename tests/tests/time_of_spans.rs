//! Start and end times of spans, by the system clocks. Tests with a clock that they set are in
//! `active_operation/time_tests.rs` of the runtime.

#![allow(missing_docs)]

use opentelemetry_sdk::trace::SpanData;
use otel_contract_tests::variants::with_every_variant;
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};
use test_vocabulary::forms::{self, instrumented_operation};

thread_local! {
    /// Time at which the evaluation of the attribute began.
    static EVALUATED: Cell<Option<SystemTime>> = const { Cell::new(None) };
}

/// Value whose evaluation takes 20 ms.
fn slow() -> &'static str {
    EVALUATED.set(Some(SystemTime::now()));
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(20) {
        std::hint::spin_loop();
    }
    "slow"
}

#[instrumented_operation(forms::FormRun, work.name = slow())]
fn slowly() {}

#[instrumented_operation(forms::FormRun, work.name = "n", ok(|()| work.kind = "small"))]
fn outer() {
    inner();
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {}

#[test]
fn evaluating_attributes_is_part_of_the_operation_and_its_end_is_not_in_the_future() {
    with_every_variant(true, |variant| {
        for _ in 0..3 {
            slowly();
            let after = SystemTime::now();
            let evaluated = EVALUATED.take().expect("a time of evaluation");
            let [span] = &variant.spans.take()[..] else {
                panic!("{}: one span", variant.name);
            };
            assert!(
                span.start_time <= evaluated,
                "{}: {:?}",
                variant.name,
                span.start_time.duration_since(evaluated)
            );
            assert!(
                span.end_time <= after,
                "{}: {:?}",
                variant.name,
                span.end_time.duration_since(after)
            );
            let took = span.end_time.duration_since(span.start_time);
            assert!(took.expect("in order") >= Duration::from_millis(20));
        }
    });
}

#[test]
fn a_child_lies_within_its_parent() {
    with_every_variant(true, |variant| {
        for _ in 0..200 {
            outer();
        }
        let spans = variant.spans.take();
        let within = |pair: &[SpanData]| {
            let [child, parent] = pair else { return false };
            parent.start_time <= child.start_time
                && child.start_time <= child.end_time
                && child.end_time <= parent.end_time
        };
        assert_eq!(spans.len(), 400);
        assert!(spans.chunks(2).all(within), "{}", variant.name);
    });
}
