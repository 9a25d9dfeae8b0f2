//! Where operations are in time, with clocks that tests set.

use super::ActiveOperation;
use crate::clock::test_clock::TestClock;
use crate::definition::{
    BaggageDefinition, ContractDefinition, Number, OperationDefinition, Sampling,
};
use crate::setup::Vocabulary;
use crate::span::{Pipeline, Processors};
use crate::telemetry;
use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

static CONTRACT: ContractDefinition = ContractDefinition {
    name: "clocks",
    version: "1.0.0",
    schema_url: None,
    attributes: &[],
    operations: &[operation("outer", 0), operation("inner", 1)],
    metrics: &[],
    limited: None,
    baggage: BaggageDefinition {
        keys: &[],
        admit: |_, _| None,
    },
    renames: &[],
    number: Number::new(),
};

const fn operation(name: &'static str, index: usize) -> OperationDefinition {
    OperationDefinition {
        name,
        kind: SpanKind::Internal,
        contract: &CONTRACT,
        index,
        attributes: &[],
        errors: None,
        duration: None,
        active: None,
        sampling: Some(Sampling {
            ratio: 1.0,
            keep_errors: false,
            keep_slower_than: None,
        }),
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug, Default)]
struct Keeps(Arc<Mutex<Vec<SpanData>>>);

impl Keeps {
    /// Start and end of each span that has ended, by name.
    fn take(&self) -> Vec<(String, SystemTime, SystemTime)> {
        let kept = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let times = |span: SpanData| (span.name.to_string(), span.start_time, span.end_time);
        kept.into_iter().map(times).collect()
    }
}

impl SpanProcessor for Keeps {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// With spans that operations hold, and with those of a provider that was handed over. Twice, since the first operation
/// does not know yet what the sampler will say, and its attributes are evaluated after the span has started.
fn on_both_roads(check: impl Fn(&TestClock, &Keeps)) {
    let sampler = || Vocabulary::new(&CONTRACT).sampler();
    let run = |spans: &Keeps, context: Context| {
        let _guard = context.attach();
        for _ in 0..2 {
            let clock = TestClock::start(SystemTime::UNIX_EPOCH + 400_000 * HOUR);
            check(&clock, spans);
        }
    };
    let spans = Keeps::default();
    let processors = Processors::new(vec![Box::new(spans.clone())], |message| {
        panic!("a span processor {message}")
    });
    let resource = Resource::builder_empty().build();
    let pipeline = Pipeline::new(Box::new(sampler()), true, processors, &resource);
    let (meters, loggers) = (
        SdkMeterProvider::builder().build(),
        SdkLoggerProvider::builder().build(),
    );
    let scope = telemetry::scope(pipeline, meters, loggers);
    run(&spans, Context::new().with_value(scope));

    let spans = Keeps::default();
    let provider = SdkTracerProvider::builder()
        .with_sampler(sampler())
        .with_span_processor(spans.clone())
        .build();
    run(
        &spans,
        Context::new().with_value(telemetry::scope_of(provider)),
    );
}

/// An operation whose attributes take this long to evaluate.
fn run(index: usize, attributes_take: Duration, clock: &TestClock, body: impl FnOnce()) {
    let mut running = ActiveOperation::new(&CONTRACT.operations[index]);
    running.start(false, 0);
    clock.pass(attributes_take);
    running.begin();
    let guard = running.attach();
    body();
    drop(guard);
    running.succeed();
}

#[test]
fn an_operation_starts_before_its_attributes_are_evaluated_and_ends_now() {
    on_both_roads(|clock, spans| {
        let start = clock.wall();
        run(0, 2 * SECOND, clock, || clock.pass(SECOND));
        let expected = ("outer".to_owned(), start, start + 3 * SECOND);
        assert_eq!(spans.take(), [expected]);
        assert_eq!(clock.wall(), start + 3 * SECOND);
    });
}

#[test]
fn an_operation_follows_the_wall_clock_a_millisecond_after_it_was_set() {
    on_both_roads(|clock, spans| {
        for step in [HOUR, Duration::ZERO, 2 * HOUR, MILLISECOND] {
            // Also how a machine finds its clocks that was suspended.
            clock.set_wall(SystemTime::UNIX_EPOCH + 400_000 * HOUR + step);
            clock.pass(MILLISECOND);
            let start = clock.wall();
            run(0, Duration::ZERO, clock, || clock.pass(MILLISECOND));
            let expected = ("outer".to_owned(), start, start + MILLISECOND);
            assert_eq!(spans.take(), [expected]);
        }
    });
}

#[test]
fn a_step_within_an_operation_leaves_its_duration_and_its_children_in_order() {
    on_both_roads(|clock, spans| {
        for step in [clock.wall() + HOUR, clock.wall() - HOUR] {
            let start = clock.wall();
            run(0, MILLISECOND, clock, || {
                clock.set_wall(step);
                clock.pass(MILLISECOND);
                // One child: the reading of the first may take the place of the parent's.
                run(1, MILLISECOND, clock, || clock.pass(MILLISECOND));
            });
            let inner = (
                "inner".to_owned(),
                start + 2 * MILLISECOND,
                start + 4 * MILLISECOND,
            );
            let outer = ("outer".to_owned(), start, start + 4 * MILLISECOND);
            assert_eq!(spans.take(), [inner, outer]);
        }
    });
}

#[test]
fn children_of_an_operation_that_runs_for_long_follow_the_wall_clock() {
    on_both_roads(|clock, spans| {
        let start = clock.wall();
        run(0, Duration::ZERO, clock, || {
            clock.pass(SECOND);
            clock.set_wall(start + HOUR);
            run(1, Duration::ZERO, clock, || clock.pass(MILLISECOND));
        });
        let inner = ("inner".to_owned(), start + HOUR, start + HOUR + MILLISECOND);
        let outer = ("outer".to_owned(), start, start + SECOND + MILLISECOND);
        assert_eq!(spans.take(), [inner, outer]);
    });
}

#[test]
fn an_operation_under_a_parent_in_another_process_reads_the_clock_for_itself() {
    on_both_roads(|clock, spans| {
        let (trace, span) = (TraceId::from(1), SpanId::from(1));
        let flags = TraceFlags::SAMPLED;
        let remote = SpanContext::new(trace, span, flags, true, TraceState::NONE);
        let _guard = Context::current().with_remote_span_context(remote).attach();
        for _ in 0..3 {
            clock.set_wall(clock.wall() + HOUR);
            clock.pass(MILLISECOND);
            let start = clock.wall();
            run(0, MILLISECOND, clock, || ());
            assert_eq!(spans.take(), [("outer".to_owned(), start, clock.wall())]);
        }
    });
}
