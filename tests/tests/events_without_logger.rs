//! Typed events of a process whose contract has no logger provider: a log bridge exports them. A program of its own, because
//! providers stay installed.

#![allow(missing_docs)]

use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use test_vocabulary::billing::{ErrorType, InvoiceRejected, OrderId};
use tracing_subscriber::layer::SubscriberExt as _;

#[test]
fn a_log_bridge_exports_an_event_that_no_logger_records() {
    let exporter = InMemoryLogExporter::default();
    let provider = SdkLoggerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let subscriber =
        tracing_subscriber::registry().with(OpenTelemetryTracingBridge::new(&provider));
    tracing::subscriber::with_default(subscriber, || {
        InvoiceRejected {
            order_id: OrderId::new("ord_1"),
            error_type: ErrorType::GatewayTimeout,
        }
        .emit();
    });
    let mut records = exporter.get_emitted_logs().expect("records in memory");
    // The SDK logs its own messages through `tracing`, too.
    records.retain(|one| {
        one.record
            .target()
            .is_some_and(|target| target == "billing")
    });
    let [one] = &records[..] else {
        panic!("one record: {records:?}")
    };
    let record = &one.record;
    assert_eq!(record.event_name(), Some("invoice.rejected"));
    assert_eq!(record.severity_number(), Some(Severity::Warn));
    let brief = AnyValue::from("The gateway turned the invoice down.".to_owned());
    assert_eq!(record.body(), Some(&brief));
    let attributes: Vec<_> = record.attributes_iter().cloned().collect();
    let text = |value: &str| AnyValue::from(value.to_owned());
    assert_eq!(
        attributes,
        [
            ("order.id".into(), text("ord_1")),
            ("error.type".into(), text("gateway_timeout")),
        ]
    );
}
