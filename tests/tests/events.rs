//! Typed events: content, limits, and the ids of the operation.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource;
use otel_contract::Providers;
use otel_contract_tests::signals::{Signals, Turn};
use test_vocabulary::billing::{self, ErrorType, OrderId};
use test_vocabulary::forms::{self, WorkDone, WorkKind, instrumented_operation};

fn take_turn() -> Turn {
    Signals::installed(|_| ()).take_turn()
}

fn attributes(record: &LogDataWithResource) -> Vec<(String, AnyValue)> {
    let pairs = record.record.attributes_iter();
    pairs
        .map(|(key, value)| (key.to_string(), value.clone()))
        .collect()
}

fn text(value: &str) -> AnyValue {
    AnyValue::from(value.to_owned())
}

#[test]
fn an_event_is_a_log_record_of_the_contract() {
    let turn = take_turn();
    billing::InvoiceRejected {
        order_id: OrderId::new("ord_1"),
        error_type: ErrorType::GatewayTimeout,
    }
    .emit();
    let [one] = &turn.records()[..] else {
        panic!("one record")
    };
    let record = &one.record;
    assert_eq!(record.event_name(), Some("invoice.rejected"));
    assert_eq!(record.severity_number(), Some(Severity::Warn));
    assert_eq!(record.severity_text(), Some("WARN"));
    assert_eq!(
        record.body(),
        Some(&text("The gateway turned the invoice down."))
    );
    assert!(record.timestamp().is_some());
    assert!(record.trace_context().is_none(), "no operation runs");
    assert_eq!(one.instrumentation.name(), "billing");
    assert_eq!(one.instrumentation.version(), Some("1.2.0"));
    let expected = [
        ("order.id".to_owned(), text("ord_1")),
        ("error.type".to_owned(), text("gateway_timeout")),
    ];
    assert_eq!(attributes(one), expected);
}

#[test]
fn an_event_has_the_ids_of_the_active_operation() {
    #[instrumented_operation(forms::FormRun)]
    fn works() {
        forms::WorkIdle.emit();
    }

    let turn = take_turn();
    works();
    let span = turn.span("form.run").span_context;
    let records = turn.records();
    let context = records[0].record.trace_context().expect("an operation ran");
    assert_eq!(
        (context.trace_id, context.span_id),
        (span.trace_id(), span.span_id())
    );
    assert_eq!(context.trace_flags, Some(span.trace_flags()));
}

#[test]
fn values_are_protected_and_converted_as_on_spans() {
    let turn = take_turn();
    WorkDone {
        work_name: "w".into(),
        work_kind: WorkKind::Large,
    }
    .work_step(forms::WorkStep::MIN)
    .work_urgent(true)
    .work_share(Some(0.5))
    .work_tags(["a", "b"])
    .work_token(None::<forms::WorkToken>)
    .person_email("ada@example.org")
    .person_name("Ada")
    .person_iban("DE02120300000000202051")
    .error_type(forms::ErrorType::Late)
    .emit();
    let expected: [(&str, AnyValue); 10] = [
        ("work.name", text("w")),
        ("work.kind", text("large")),
        ("work.step", AnyValue::Int(-2)),
        ("work.urgent", AnyValue::Boolean(true)),
        ("work.share", AnyValue::Double(0.5)),
        ("work.tags", [text("a"), text("b")].into_iter().collect()),
        ("person.email", text("[redacted]")),
        ("person.name", text("[redacted]")),
        ("person.iban", text("***2051")),
        ("error.type", text("late")),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value));
    assert_eq!(attributes(&turn.records()[0]), expected);
}

#[test]
fn a_bounded_attribute_has_one_limit_for_spans_and_events() {
    #[instrumented_operation(forms::FullRun, work.queue = forms::WorkQueue::capped(queue))]
    fn travels(queue: &str) {}

    let turn = take_turn();
    travels("q1");
    for queue in ["q2", "q3", "q4", "q1"] {
        WorkDone {
            work_name: "w".into(),
            work_kind: WorkKind::Small,
        }
        .work_queue(forms::WorkQueue::capped(queue))
        .emit();
    }
    let last = |record| attributes(record).pop().map(|(_, value)| value);
    let queues: Vec<_> = turn.records().iter().map(last).collect();
    let expected = ["q2", "q3", "_OTHER", "q1"].map(|queue| Some(text(queue)));
    assert_eq!(queues, expected);
}

#[test]
fn no_event_is_recorded_while_telemetry_is_suppressed() {
    let turn = take_turn();
    let guard = Context::enter_telemetry_suppressed_scope();
    forms::WorkIdle.emit();
    drop(guard);
    assert!(turn.records().is_empty());
}

#[test]
fn providers_installed_without_a_logger_keep_the_current_logger_provider() {
    let turn = take_turn();
    Providers::new().install();
    forms::WorkIdle.emit();
    assert_eq!(turn.records().len(), 1);
}
