//! Attributes of the current operation on log records. A program of its own, because operations store them from the
//! first request on.

#![allow(missing_docs)]

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use otel_contract::Attribute as _;
use otel_contract::logs::Correlated;
use otel_contract_tests::block_on;
use otel_contract_tests::signals::{Signals, Turn};
use otel_contract_tests::written::Written;
use test_vocabulary::forms::{self, WorkKind, instrumented_operation};

const KEYS: [&str; 10] = [
    forms::WorkName::KEY,
    forms::WorkKind::KEY,
    forms::WorkCount::KEY,
    forms::WorkUrgent::KEY,
    forms::WorkShare::KEY,
    forms::WorkTags::KEY,
    forms::WorkQueue::KEY,
    forms::PersonEmail::KEY,
    forms::PersonName::KEY,
    forms::PersonIban::KEY,
];

/// Runs code with a subscriber that writes these attributes. Returns the written text.
fn logged(json: bool, keys: &'static [&'static str], body: impl FnOnce()) -> (Turn, String) {
    let turn = Signals::installed(|_| ()).take_turn();
    let written = Written::default();
    let correlated = Correlated::new(written.make_writer()).with_attributes(keys.iter().copied());
    let fmt = tracing_subscriber::fmt().without_time().with_ansi(false);
    if json {
        let subscriber = fmt.json().with_writer(correlated).finish();
        tracing::subscriber::with_default(subscriber, body);
    } else {
        let subscriber = fmt.with_writer(correlated).finish();
        tracing::subscriber::with_default(subscriber, body);
    }
    (turn, written.text())
}

/// Returns the attributes of each line of JSON, without the other members.
fn members(text: &str) -> Vec<serde_json::Value> {
    let lines = text.lines().map(|line| {
        let serde_json::Value::Object(mut line) = serde_json::from_str(line).expect("JSON") else {
            panic!("an object: {line}")
        };
        line.retain(|key, _| KEYS.contains(&&**key) || key == "work.step");
        line.into()
    });
    lines.collect()
}

#[instrumented_operation(
    forms::FullRun,
    work.name = "a \"b\"",
    work.kind = WorkKind::Large,
    work.step = forms::WorkStep::MIN,
    work.count = 7,
    work.urgent = true,
    work.share = 0.5,
    work.tags = ["a", "b"],
    work.queue = forms::WorkQueue::capped("q"),
    person.email = "ada@example.org",
    person.name = "Ada",
    person.iban = "DE02120300000000202051",
)]
async fn full() {
    tokio::task::yield_now().await;
    tracing::info!("inside");
    let _ = otel_contract::spawn(async { tracing::info!("spawned") }).await;
}

#[test]
fn json_has_the_selected_attributes_in_their_protected_form() {
    let (turn, text) = logged(true, &KEYS, || {
        tracing::info!("before");
        block_on(full());
        tracing::info!("after");
    });
    let all = serde_json::json!({
        "work.name": "a \"b\"",
        "work.kind": "large",
        "work.count": 7,
        "work.urgent": true,
        "work.share": 0.5,
        "work.tags": "[\"a\",\"b\"]",
        "work.queue": "q",
        "person.email": "[redacted]",
        "person.name": "[redacted]",
        "person.iban": "***2051",
    });
    let none = serde_json::json!({});
    assert_eq!(members(&text), [none.clone(), all.clone(), all, none]);
    assert!(!text.contains("Ada") && !text.contains("ada@") && !text.contains("DE02"));
    let span = turn.span("full.run");
    assert_eq!(span.attributes.len(), 11, "the span has all of them");
}

#[instrumented_operation(forms::FormRun as op, work.count = 1)]
fn outer() {
    tracing::info!("entered");
    op.work_name("w x");
    op.work_count(2);
    tracing::info!("set");
    inner();
    tracing::info!("back");
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {
    tracing::info!("inner");
}

#[test]
fn text_has_the_attributes_of_the_current_operation_that_are_set_until_then() {
    const SELECTED: &[&str] = &[forms::WorkName::KEY, forms::WorkCount::KEY];
    let (turn, text) = logged(false, SELECTED, outer);
    let attributes: Vec<&str> = text
        .lines()
        .map(|line| line.split_once(" operation=").map_or("", |(_, rest)| rest))
        .collect();
    let both = "form.run work.name=\"w x\" work.count=2";
    assert_eq!(
        attributes,
        ["form.run work.count=1", both, "plain.run", both]
    );
    let span = turn.span("form.run");
    assert_eq!(span.attributes.len(), 2);
}

#[test]
fn attributes_that_are_not_selected_do_not_appear() {
    let (_turn, text) = logged(true, &[forms::WorkKind::KEY], || block_on(full()));
    let kind = serde_json::json!({ "work.kind": "large" });
    assert_eq!(members(&text), [kind.clone(), kind]);
}

#[test]
fn an_operation_that_is_not_sampled_has_its_attributes_on_log_records() {
    #[instrumented_operation(forms::FormRun as op, parent = parent, work.kind = WorkKind::Small)]
    fn unsampled(parent: &SpanContext) {
        op.work_name("late");
        tracing::info!("inside");
    }

    let (turn, text) = logged(true, &KEYS, || {
        let (trace, span) = (TraceId::from(7), SpanId::from(8));
        let flags = TraceFlags::default();
        unsampled(&SpanContext::new(
            trace,
            span,
            flags,
            true,
            TraceState::NONE,
        ));
    });
    let expected = serde_json::json!({ "work.kind": "small", "work.name": "late" });
    assert_eq!(members(&text), [expected]);
    assert!(turn.spans().is_empty());
}

#[test]
fn a_value_that_the_sampler_has_seen_does_not_change() {
    #[instrumented_operation(forms::SampledRun, work.kind = WorkKind::Small)]
    fn sampled() {
        tracing::info!("inside");
    }

    let (_turn, text) = logged(true, &KEYS, sampled);
    assert_eq!(
        members(&text),
        [serde_json::json!({ "work.kind": "small" })]
    );
}

#[test]
fn an_operation_that_is_started_by_hand_has_its_attributes_in_its_context() {
    let scope = otel_contract::testing::scope();
    let (_turn, text) = logged(true, &KEYS, || {
        let start = || forms::FormRun {}.work_kind(WorkKind::Small).start();
        let active = scope.run(start);
        active.work_name("w");
        active.in_context(|| tracing::info!("inside"));
        active.succeed();
    });
    let expected = serde_json::json!({ "work.kind": "small", "work.name": "w" });
    assert_eq!(members(&text), [expected]);
}
