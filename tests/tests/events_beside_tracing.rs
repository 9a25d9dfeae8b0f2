//! Typed events as events of `tracing`, together with a bridge that exports log records of `tracing`.

#![allow(missing_docs)]

use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use otel_contract::logs::Correlated;
use otel_contract_tests::signals::{Signals, Turn};
use otel_contract_tests::written::Written;
use test_vocabulary::forms::{self, WorkDone, WorkKind, instrumented_operation};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Runs code with a console and a log bridge at this level. Returns the text of the console.
fn with_console(level: LevelFilter, body: impl FnOnce()) -> (Turn, String) {
    let signals = Signals::installed(|_| ());
    let (turn, written) = (signals.take_turn(), Written::default());
    let fmt = tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(false)
        .with_writer(written.make_writer())
        .map_writer(|writer| Correlated::new(writer).with_service("api"));
    let bridge = OpenTelemetryTracingBridge::new(&signals.loggers);
    let subscriber = tracing_subscriber::registry()
        .with(fmt.with_filter(level))
        .with(bridge.with_filter(level));
    tracing::subscriber::with_default(subscriber, body);
    (turn, written.text())
}

fn done() -> forms::WorkDone {
    WorkDone {
        work_name: "w".into(),
        work_kind: WorkKind::Large,
    }
}

#[test]
fn an_event_is_on_the_console_with_protected_values_and_exported_once() {
    #[instrumented_operation(forms::FormRun)]
    fn works() {
        done()
            .work_step(forms::WorkStep::MIN)
            .work_urgent(true)
            .work_share(Some(0.5))
            .work_tags(["a", "b"])
            .person_email("ada@example.org")
            .person_iban("DE02120300000000202051")
            .error_type(forms::ErrorType::Late)
            .emit();
    }

    let (turn, text) = with_console(LevelFilter::INFO, works);
    let span = turn.span("form.run").span_context;
    let (trace, span) = (span.trace_id(), span.span_id());
    assert_eq!(
        text,
        format!(
            " INFO forms: The work is done. work.name=\"w\" work.kind=\"large\" work.step=-2 work.urgent=true \
             work.share=0.5 work.tags=[\"a\",\"b\"] person.email=\"[redacted]\" person.iban=\"***2051\" \
             error.type=\"late\" trace_id={trace} span_id={span} operation=form.run service=api\n"
        )
    );
    let records = turn.records();
    assert_eq!(records.len(), 1, "the bridge does not export it again");
    assert_eq!(records[0].record.event_name(), Some("work.done"));
    assert_eq!(records[0].instrumentation.name(), "forms");
}

#[test]
fn the_bridge_still_exports_other_records_after_an_event() {
    let (turn, text) = with_console(LevelFilter::INFO, || {
        done().emit();
        tracing::info!("after");
    });
    let names = turn.records().into_iter().map(|one| {
        let scope = one.instrumentation.name().to_owned();
        (scope, one.record.target().map(ToString::to_string))
    });
    let expected = [
        ("forms".to_owned(), None),
        (String::new(), Some("events_beside_tracing".to_owned())),
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn the_console_applies_its_level_and_the_logger_records_anyway() {
    let (turn, text) = with_console(LevelFilter::INFO, || forms::WorkIdle.emit());
    assert_eq!(text, "");
    assert_eq!(turn.records().len(), 1);
    drop(turn);
    let (turn, text) = with_console(LevelFilter::DEBUG, || forms::WorkIdle.emit());
    let line = "DEBUG forms: There is nothing to do. service=api\n";
    assert_eq!(text, line);
    assert_eq!(turn.records().len(), 1);
}

#[test]
fn nothing_is_emitted_while_telemetry_is_suppressed() {
    let (turn, text) = with_console(LevelFilter::INFO, || {
        let _guard = opentelemetry::Context::enter_telemetry_suppressed_scope();
        done().emit();
    });
    assert!(text.is_empty() && turn.records().is_empty());
}

#[test]
fn the_limit_of_a_bounded_attribute_applies_and_counts_each_event_once() {
    let scope = otel_contract::testing::scope();
    let (_turn, text) = with_console(LevelFilter::INFO, || {
        scope.run(|| {
            for queue in ["q1", "q2", "q3", "q4"] {
                done().work_queue(forms::WorkQueue::capped(queue)).emit();
            }
        });
    });
    let queues: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split("work.queue=").nth(1)?.split(' ').next())
        .collect();
    assert_eq!(queues, ["\"q1\"", "\"q2\"", "\"q3\"", "\"_OTHER\""]);
    let recorded = scope.recorded();
    assert_eq!(recorded.records.len(), 4);
    let limited: Vec<f64> = recorded
        .points
        .iter()
        .filter(|point| point.metric == "otel_contract.limited")
        .map(|point| point.value)
        .collect();
    assert_eq!(limited, [1.0]);
}
