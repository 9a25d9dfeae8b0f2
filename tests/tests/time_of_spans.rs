//! When spans start and end, by the clocks of the system; `running/time_tests.rs` of the runtime sets clocks.

#![allow(missing_docs)]

use opentelemetry_sdk::trace::SpanData;
use otel_contract_tests::roads::on_every_road;
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime};
use test_vocabulary::forms::{self, instrumented_operation};

thread_local! {
    /// When the attribute began to be evaluated.
    static EVALUATED: Cell<Option<SystemTime>> = const { Cell::new(None) };
}

/// A value that takes its time.
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
    on_every_road(true, |road| {
        for _ in 0..3 {
            slowly();
            let after = SystemTime::now();
            let evaluated = EVALUATED.take().expect("it was evaluated");
            let [span] = &road.spans.take()[..] else {
                panic!("{}: one span", road.name);
            };
            assert!(
                span.start_time <= evaluated,
                "{}: {:?}",
                road.name,
                span.start_time.duration_since(evaluated)
            );
            assert!(
                span.end_time <= after,
                "{}: {:?}",
                road.name,
                span.end_time.duration_since(after)
            );
            let took = span.end_time.duration_since(span.start_time);
            assert!(took.expect("in order") >= Duration::from_millis(20));
        }
    });
}

#[test]
fn a_child_lies_within_its_parent() {
    on_every_road(true, |road| {
        for _ in 0..200 {
            outer();
        }
        let spans = road.spans.take();
        let within = |pair: &[SpanData]| {
            let [child, parent] = pair else { return false };
            parent.start_time <= child.start_time
                && child.start_time <= child.end_time
                && child.end_time <= parent.end_time
        };
        assert_eq!(spans.len(), 400);
        assert!(spans.chunks(2).all(within), "{}", road.name);
    });
}
