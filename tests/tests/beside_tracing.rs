//! Operations together with `tracing`: operations inside `tracing` spans and the reverse, and log records inside
//! operations.

#![allow(missing_docs)]

use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry::trace::{SpanId, TracerProvider as _};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use otel_contract::logs::Correlated;
use otel_contract_tests::block_on;
use otel_contract_tests::signals::{Signals, Turn};
use otel_contract_tests::written::Written;
use test_vocabulary::forms::task::InContext as _;
use test_vocabulary::forms::{self, ErrorClass, instrumented_operation};
use tracing::Instrument as _;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Installs the layer of `tracing-opentelemetry` and the bridge of log records, as a service does.
fn take_turn() -> Turn {
    let signals = Signals::installed(|signals| {
        let layer = tracing_opentelemetry::layer().with_tracer(signals.tracers.tracer("tracing"));
        let subscriber = tracing_subscriber::registry()
            .with(layer)
            .with(OpenTelemetryTracingBridge::new(&signals.loggers).with_filter(LevelFilter::INFO));
        tracing::subscriber::set_global_default(subscriber).expect("the only one of this process");
    });
    signals.take_turn()
}

/// Asserts that each span of these names is a child of the span before it.
#[track_caller]
fn assert_nested(turn: &Turn, names: &[&str]) {
    let mut parent = SpanId::INVALID;
    let mut trace = None;
    for name in names {
        let span = turn.span(name);
        assert_eq!(span.parent_span_id, parent, "the parent of `{name}`");
        parent = span.span_context.span_id();
        let first = *trace.get_or_insert(span.span_context.trace_id());
        assert_eq!(span.span_context.trace_id(), first, "the trace of `{name}`");
    }
}

#[tracing::instrument]
fn spanned() {
    plain();
}

#[instrumented_operation(forms::PlainRun)]
fn plain() {}

#[tracing::instrument]
async fn spanned_later() {
    tokio::task::yield_now().await;
    plain_later().await;
    tokio::task::yield_now().await;
}

#[instrumented_operation(forms::PlainRun)]
async fn plain_later() {
    tokio::task::yield_now().await;
}

#[instrumented_operation(forms::FormRun)]
async fn outer_later() {
    tokio::task::yield_now().await;
    spanned_later().await;
    tokio::task::yield_now().await;
}

#[test]
fn operations_and_spans_are_parents_of_each_other() {
    #[instrumented_operation(forms::FormRun)]
    fn outer() {
        spanned();
    }

    let turn = take_turn();
    let root = tracing::info_span!("root");
    root.in_scope(outer);
    drop(root);
    assert_nested(&turn, &["root", "form.run", "spanned", "plain.run"]);
}

#[test]
fn operations_and_spans_are_parents_of_each_other_over_awaits() {
    let turn = take_turn();
    block_on(outer_later().instrument(tracing::info_span!("root")));
    assert_nested(&turn, &["root", "form.run", "spanned_later", "plain.run"]);
}

#[test]
fn interleaved_futures_on_one_thread_keep_their_own_parents() {
    let turn = take_turn();
    let one = outer_later().instrument(tracing::info_span!("root"));
    let other = async {
        for _ in 0..4 {
            tokio::task::yield_now().await;
            let span = tracing::info_span!("elsewhere");
            span.in_scope(|| ());
        }
    };
    block_on(async { tokio::join!(one, other) });
    assert_nested(&turn, &["root", "form.run", "spanned_later", "plain.run"]);
    let mut spans = turn.spans();
    spans.retain(|span| span.name == "elsewhere");
    assert_eq!(spans.len(), 4);
    assert!(
        spans
            .iter()
            .all(|span| span.parent_span_id == SpanId::INVALID)
    );
}

#[test]
fn spawned_work_is_a_child_of_the_operation_that_spawned_it() {
    #[instrumented_operation(forms::FormRun)]
    async fn spawns() {
        let done = otel_contract::spawn(spanned_later()).await;
        done.expect("no task panics");
    }

    let turn = take_turn();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build();
    let runtime = runtime.expect("a runtime of two threads");
    runtime.block_on(spawns().instrument(tracing::info_span!("root")));
    assert_nested(&turn, &["root", "form.run", "spanned_later", "plain.run"]);
}

#[test]
fn work_spawned_by_a_span_keeps_both_contexts_in_either_order() {
    let turn = take_turn();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build();
    let runtime = runtime.expect("a runtime of two threads");
    runtime.block_on(
        async {
            let one = tokio::spawn(plain_later().in_current_span().in_current_context());
            let other = tokio::spawn(plain_later().in_current_context().in_current_span());
            assert!(one.await.is_ok() && other.await.is_ok());
        }
        .instrument(tracing::info_span!("root")),
    );
    let root = turn.span("root").span_context.span_id();
    let mut spans = turn.spans();
    spans.retain(|span| span.name == "plain.run");
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().all(|span| span.parent_span_id == root));
}

#[test]
fn a_span_with_an_explicit_parent_and_its_operations_are_below_that_parent() {
    #[instrumented_operation(forms::FormRun)]
    fn outer(root: &tracing::Span) {
        tracing::info_span!(parent: root, "elsewhere").in_scope(plain);
    }

    let turn = take_turn();
    let root = tracing::info_span!("root");
    root.in_scope(|| ());
    outer(&root);
    drop(root);
    assert_nested(&turn, &["root", "elsewhere", "plain.run"]);
    assert_eq!(turn.span("form.run").parent_span_id, SpanId::INVALID);
}

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("disk full at {0}")]
#[error_class(forms, broken, describe)]
struct DiskFull(&'static str);

#[derive(Debug, ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

#[test]
fn a_failure_is_an_event_with_its_class_and_only_safe_text() {
    #[instrumented_operation(forms::StrictRun, work.name = "w", ok(|()| work.count = 1))]
    fn breaks() -> Result<(), Broken> {
        Err(Broken)
    }

    #[instrumented_operation(forms::FormRun)]
    fn fills() -> Result<(), DiskFull> {
        Err(DiskFull("/data"))
    }

    let turn = take_turn();
    let _ = (breaks(), fills(), breaks());
    let records = turn.records();
    let seen: Vec<_> = records
        .iter()
        .map(|record| {
            let attributes = record.record.attributes_iter();
            let pair = |(key, value): &(opentelemetry::Key, AnyValue)| format!("{key}={value:?}");
            let attributes: Vec<String> = attributes.map(pair).collect();
            (record.record.event_name(), attributes.join(" "))
        })
        .collect();
    let broken = "error.type=String(Owned(\"broken\"))".to_owned();
    let described = format!("{broken} error.message=String(Owned(\"disk full at /data\"))");
    assert_eq!(
        seen,
        [
            (Some("strict.run.error"), broken.clone()),
            (Some("form.run.error"), described),
            (Some("strict.run.error"), broken),
        ]
    );
    let first = &records[0].record;
    assert_eq!(first.severity_number(), Some(Severity::Error));
    assert_eq!(first.target().map(|target| &**target), Some("forms"));
    let body = AnyValue::from("operation `strict.run` failed".to_owned());
    assert_eq!(first.body(), Some(&body));
    let span = turn.spans()[0].span_context.span_id();
    assert_eq!(
        first.trace_context().map(|context| context.span_id),
        Some(span)
    );
}

#[test]
fn successes_panics_and_cancellations_are_no_error_events() {
    #[instrumented_operation(forms::FormRun)]
    fn fine() -> Result<(), Broken> {
        Ok(())
    }

    #[instrumented_operation(forms::FormRun)]
    fn panics() -> Result<(), Broken> {
        panic!("expected")
    }

    #[instrumented_operation(forms::FormRun)]
    async fn waits() -> Result<(), Broken> {
        std::future::pending().await
    }

    let turn = take_turn();
    fine().expect("a success");
    assert!(std::panic::catch_unwind(panics).is_err());
    block_on(async {
        tokio::select! {
            biased;
            _ = waits() => unreachable!("the future never completes"),
            () = tokio::task::yield_now() => (),
        }
    });
    assert_eq!(turn.spans().len(), 3);
    assert!(turn.records().is_empty());
}

#[test]
fn the_bridge_of_log_records_correlates() {
    #[instrumented_operation(forms::FormRun)]
    async fn logs() {
        tokio::task::yield_now().await;
        tracing::info!(order = 7, "paid");
    }

    let turn = take_turn();
    block_on(logs());
    let span = turn.span("form.run").span_context;
    let records = turn.records();
    let context = records[0].record.trace_context().expect("an operation ran");
    assert_eq!(
        (context.trace_id, context.span_id),
        (span.trace_id(), span.span_id())
    );
}

#[instrumented_operation(forms::FormRun)]
async fn pays() {
    tokio::task::yield_now().await;
    tracing::info!(order = 7, "paid");
    // With the layer of `tracing-opentelemetry`, this log record has the ids of the `tracing` span; without the layer,
    // it has the ids of the operation. It always has the name of the operation.
    tracing::info_span!("inside").in_scope(|| tracing::warn!("slow"));
    let _ = otel_contract::spawn(async { tracing::info!("elsewhere") }).await;
}

#[test]
fn text_of_fmt_names_trace_span_operation_and_service() {
    let (turn, written) = (take_turn(), Written::default());
    let correlated = Correlated::new(written.make_writer()).with_service("api");
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(true)
        .without_time()
        .with_writer(correlated)
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("before");
        block_on(pays());
    });
    let span = turn.span("form.run").span_context;
    let (trace, span) = (span.trace_id(), span.span_id());
    let text = written.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("before service=api"), "{text}");
    let ends = format!(" trace_id={trace} span_id={span} operation=form.run service=api");
    for (line, text_of_line) in lines[1..].iter().zip(["=\u{1b}[0m7", "slow", "elsewhere"]) {
        assert!(
            line.contains(text_of_line) && line.ends_with(&ends),
            "{line:?}"
        );
    }
    assert_eq!(lines.len(), 4, "{text}");
    assert!(text.contains("\u{1b}[32m INFO"), "colours stay: {text:?}");
}

#[test]
fn json_of_fmt_has_trace_span_operation_and_service_as_members() {
    let (turn, written) = (take_turn(), Written::default());
    let subscriber = tracing_subscriber::registry()
        .with(
            tracing_opentelemetry::layer()
                .with_tracer(Signals::installed(|_| ()).tracers.tracer("tracing")),
        )
        .with(
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(written.make_writer())
                .map_writer(|writer| Correlated::new(writer).with_service("api \"1\"")),
        );
    tracing::subscriber::with_default(subscriber, || block_on(pays()));
    let operation = turn.span("form.run").span_context;
    let inside = turn.span("inside").span_context;
    let text = written.text();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let spans = [operation.span_id(), inside.span_id(), operation.span_id()];
    assert_eq!(lines.len(), spans.len(), "{text}");
    for (line, span) in lines.iter().zip(spans) {
        assert_eq!(line["trace_id"], operation.trace_id().to_string());
        assert_eq!(line["span_id"], span.to_string());
        assert_eq!(line["operation"], "form.run");
        assert_eq!(line["service"], "api \"1\"");
        assert!(line["fields"]["message"].is_string());
    }
}
