//! Start and end times of operations, under clocks that the tests set.

use super::ActiveOperation;
use crate::clock::test_clock::TestClock;
use crate::definition::{
    BaggageDefinition, ContractDefinition, ContractIndex, OperationDefinition, Sampling,
};
use crate::description::{Contract, Location};
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

static DESCRIPTION: Contract = Contract {
    name: "clocks",
    version: "1.0.0",
    schema_url: None,
    brief: "Operations whose times are tested.",
    location: Location {
        file: "clocks.yaml",
        line: 1,
        column: 1,
    },
    owners: &[],
    attributes: &[],
    groups: &[],
    errors: &[],
    operations: &[],
    metrics: &[],
    events: &[],
    resource: &[],
    baggage: &[],
};

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
    description: None,
    index: ContractIndex::new(),
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
        routes: &[],
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug, Default)]
struct KeepingProcessor(Arc<Mutex<Vec<SpanData>>>);

impl KeepingProcessor {
    /// Start and end of each span that has ended, by name.
    fn take(&self) -> Vec<(String, SystemTime, SystemTime)> {
        let kept = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let times = |span: SpanData| (span.name.to_string(), span.start_time, span.end_time);
        kept.into_iter().map(times).collect()
    }
}

impl SpanProcessor for KeepingProcessor {
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

/// Runs a check with buffered spans and with SDK spans. The check runs twice under each: the first operation has no
/// sampling prediction yet.
fn with_both_kinds_of_spans(check: impl Fn(&TestClock, &KeepingProcessor)) {
    let sampler = || Vocabulary::new(&CONTRACT, &DESCRIPTION).sampler();
    let run = |spans: &KeepingProcessor, context: Context| {
        let _guard = context.attach();
        for _ in 0..2 {
            let clock = TestClock::start(SystemTime::UNIX_EPOCH + 400_000 * HOUR);
            check(&clock, spans);
        }
    };
    let spans = KeepingProcessor::default();
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

    let spans = KeepingProcessor::default();
    let provider = SdkTracerProvider::builder()
        .with_sampler(sampler())
        .with_span_processor(spans.clone())
        .build();
    run(
        &spans,
        Context::new().with_value(telemetry::scope_of(provider)),
    );
}

/// Runs an operation whose attributes take this long to evaluate.
fn run(index: usize, attributes_take: Duration, clock: &TestClock, body: impl FnOnce()) {
    let mut operation = ActiveOperation::new(&CONTRACT.operations[index]);
    operation.start(false, 0);
    clock.advance(attributes_take);
    operation.begin();
    let guard = operation.attach();
    body();
    drop(guard);
    operation.succeed();
}

#[test]
fn an_operation_starts_before_its_attributes_are_evaluated() {
    with_both_kinds_of_spans(|clock, spans| {
        let start = clock.wall();
        run(0, 2 * SECOND, clock, || clock.advance(SECOND));
        let expected = ("outer".to_owned(), start, start + 3 * SECOND);
        assert_eq!(spans.take(), [expected]);
        assert_eq!(clock.wall(), start + 3 * SECOND);
    });
}

#[test]
fn an_operation_uses_a_changed_wall_clock_after_a_millisecond() {
    with_both_kinds_of_spans(|clock, spans| {
        for step in [HOUR, Duration::ZERO, 2 * HOUR, MILLISECOND] {
            // Such a step also occurs when a machine is suspended.
            clock.set_wall(SystemTime::UNIX_EPOCH + 400_000 * HOUR + step);
            clock.advance(MILLISECOND);
            let start = clock.wall();
            run(0, Duration::ZERO, clock, || clock.advance(MILLISECOND));
            let expected = ("outer".to_owned(), start, start + MILLISECOND);
            assert_eq!(spans.take(), [expected]);
        }
    });
}

#[test]
fn a_clock_step_within_an_operation_changes_neither_durations_nor_nesting() {
    with_both_kinds_of_spans(|clock, spans| {
        for step in [clock.wall() + HOUR, clock.wall() - HOUR] {
            let start = clock.wall();
            run(0, MILLISECOND, clock, || {
                clock.set_wall(step);
                clock.advance(MILLISECOND);
                // Only one child: the reading of a first child may overwrite the reading of the parent.
                run(1, MILLISECOND, clock, || clock.advance(MILLISECOND));
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
fn children_of_a_long_operation_use_a_changed_wall_clock() {
    with_both_kinds_of_spans(|clock, spans| {
        let start = clock.wall();
        run(0, Duration::ZERO, clock, || {
            clock.advance(SECOND);
            clock.set_wall(start + HOUR);
            run(1, Duration::ZERO, clock, || clock.advance(MILLISECOND));
        });
        let inner = ("inner".to_owned(), start + HOUR, start + HOUR + MILLISECOND);
        let outer = ("outer".to_owned(), start, start + SECOND + MILLISECOND);
        assert_eq!(spans.take(), [inner, outer]);
    });
}

#[test]
fn an_operation_with_a_remote_parent_reads_the_clock_itself() {
    with_both_kinds_of_spans(|clock, spans| {
        let (trace, span) = (TraceId::from(1), SpanId::from(1));
        let flags = TraceFlags::SAMPLED;
        let remote = SpanContext::new(trace, span, flags, true, TraceState::NONE);
        let _guard = Context::current().with_remote_span_context(remote).attach();
        for _ in 0..3 {
            clock.set_wall(clock.wall() + HOUR);
            clock.advance(MILLISECOND);
            let start = clock.wall();
            run(0, MILLISECOND, clock, || ());
            assert_eq!(spans.take(), [("outer".to_owned(), start, clock.wall())]);
        }
    });
}
