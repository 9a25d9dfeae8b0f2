//! How failures are reported, by the `severity` and `expected` of their error class, and across nested operations.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::logs::Severity;
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use otel_contract_tests::block_on;
use otel_contract_tests::signals::{Signals, Turn};
use test_vocabulary::outcomes::{self, ErrorClass, instrumented_operation, testing};
use tracing_subscriber::layer::SubscriberExt as _;

#[derive(Clone, Copy, Debug, ErrorClass)]
#[error_class(outcomes)]
enum Failure {
    #[error_class(broken)]
    Broken,
    #[error_class(slow)]
    Slow,
    #[error_class(lost)]
    Lost,
    #[error_class(absent)]
    Absent,
}

fn take_turn() -> Turn {
    let signals = Signals::installed(|signals| {
        let bridge = OpenTelemetryTracingBridge::new(&signals.loggers);
        let subscriber = tracing_subscriber::registry().with(bridge);
        tracing::subscriber::set_global_default(subscriber).expect("the only one of this process");
    });
    signals.take_turn()
}

/// Returns the event name and the severity of each log record.
fn events(turn: &Turn) -> Vec<(&'static str, Severity)> {
    let records = turn.records();
    let event = |record: &opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource| {
        let record = &record.record;
        Some((record.event_name()?, record.severity_number()?))
    };
    records.iter().filter_map(event).collect()
}

#[instrumented_operation(outcomes::InnerRun)]
fn inner(failure: Failure) -> Result<(), Failure> {
    Err(failure)
}

#[instrumented_operation(outcomes::MiddleRun)]
async fn middle(failure: Failure) -> Result<(), Failure> {
    tokio::task::yield_now().await;
    inner(failure)
}

#[instrumented_operation(outcomes::OuterRun)]
async fn outer(failure: Failure) -> Result<(), Failure> {
    middle(failure).await
}

#[test]
fn the_severity_of_a_failure_is_that_of_its_class() {
    let turn = take_turn();
    let all = [Failure::Broken, Failure::Slow, Failure::Lost];
    assert!(all.into_iter().all(|failure| inner(failure).is_err()));
    let severities: Vec<Severity> = events(&turn)
        .into_iter()
        .map(|(_, severity)| severity)
        .collect();
    // `tracing` has no level above `ERROR`.
    assert_eq!(
        severities,
        [Severity::Error, Severity::Warn, Severity::Error]
    );
    let failed = |status: &Status| matches!(status, Status::Error { .. });
    assert!(turn.spans().iter().all(|span| failed(&span.status)));
}

#[test]
fn an_expected_error_is_recorded_but_neither_logged_nor_an_error_of_the_span() {
    let turn = take_turn();
    assert!(inner(Failure::Absent).is_err());
    assert_eq!(events(&turn), []);
    let [span] = &turn.spans()[..] else {
        panic!("one operation ran");
    };
    assert_eq!(span.status, Status::Unset);
    let mut attributes = span.attributes.iter();
    let class = attributes.find(|attribute| attribute.key.as_str() == "error.type");
    assert_eq!(
        class.map(|class| class.value.as_str()),
        Some("absent".into())
    );
}

#[test]
fn an_error_that_passes_through_three_operations_is_logged_where_it_began() {
    let turn = take_turn();
    assert!(block_on(outer(Failure::Slow)).is_err());
    assert_eq!(events(&turn), [("inner.run.error", Severity::Warn)]);
    assert_eq!(turn.spans().len(), 3);
}

#[test]
fn an_error_that_passes_through_unsampled_operations_is_logged_once() {
    let turn = take_turn();
    let remote = SpanContext::new(
        TraceId::from(7),
        SpanId::from(7),
        TraceFlags::NOT_SAMPLED,
        true,
        TraceState::NONE,
    );
    let guard = Context::new().with_remote_span_context(remote).attach();
    assert!(block_on(outer(Failure::Broken)).is_err());
    drop(guard);
    assert_eq!(events(&turn), [("inner.run.error", Severity::Error)]);
    assert!(turn.spans().is_empty());
}

#[test]
fn a_failure_after_a_handled_error_is_logged_again() {
    #[instrumented_operation(outcomes::MiddleRun)]
    fn succeeds() {}

    #[instrumented_operation(outcomes::OuterRun)]
    fn retries() -> Result<(), Failure> {
        assert!(inner(Failure::Broken).is_err());
        succeeds();
        Err(Failure::Broken)
    }

    #[instrumented_operation(outcomes::OuterRun)]
    fn converts() -> Result<(), Failure> {
        inner(Failure::Broken).map_err(|_| Failure::Slow)
    }

    let turn = take_turn();
    assert!(retries().is_err());
    assert!(converts().is_err());
    let (inner, outer) = ("inner.run.error", "outer.run.error");
    let expected = [
        (inner, Severity::Error),
        (outer, Severity::Error),
        (inner, Severity::Error),
        (outer, Severity::Warn),
    ];
    assert_eq!(events(&turn), expected);
}

#[test]
fn the_testing_kit_knows_expected_errors() {
    let scope = testing::scope();
    assert!(scope.run(|| inner(Failure::Absent)).is_err());
    scope
        .operation::<outcomes::InnerRun>()
        .once()
        .failed(outcomes::ErrorType::Absent);
    scope.assert_contract(&outcomes::CONTRACT);
}
