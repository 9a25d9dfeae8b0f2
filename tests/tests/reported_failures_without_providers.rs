//! Failures in a service that has `tracing`, and no provider of OpenTelemetry for the contract.

#![allow(missing_docs)]

use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use otel_contract_tests::block_on;
use test_vocabulary::outcomes::{self, ErrorClass, instrumented_operation};
use tracing_subscriber::layer::SubscriberExt as _;

#[derive(Debug, ErrorClass)]
#[error_class(outcomes, broken)]
struct Broken;

#[instrumented_operation(outcomes::InnerRun)]
fn inner() -> Result<(), Broken> {
    Err(Broken)
}

#[instrumented_operation(outcomes::OuterRun)]
async fn outer() -> Result<(), Broken> {
    tokio::task::yield_now().await;
    inner()
}

#[test]
fn an_error_that_passes_through_is_logged_once() {
    let records = InMemoryLogExporter::default();
    let loggers = SdkLoggerProvider::builder()
        .with_simple_exporter(records.clone())
        .build();
    let bridge = OpenTelemetryTracingBridge::new(&loggers);
    let subscriber = tracing_subscriber::registry().with(bridge);
    tracing::subscriber::with_default(subscriber, || {
        assert!(block_on(outer()).is_err());
    });
    let records = records
        .get_emitted_logs()
        .expect("the exporter keeps everything in memory");
    let names: Vec<_> = records
        .iter()
        .filter_map(|record| record.record.event_name())
        // The OpenTelemetry crates log through `tracing`, too.
        .filter(|name| name.strip_suffix(".error").is_some())
        .collect();
    assert_eq!(names, ["inner.run.error"]);
}
