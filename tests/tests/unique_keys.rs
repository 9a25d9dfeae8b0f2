//! Attributes of spans: a key has one value, the last value that any code set, and no key is empty.

#![allow(missing_docs)]

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _,
};
use opentelemetry::{Context, KeyValue, Value, global};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample, SpanData};
use otel_contract_tests::attributes;
use otel_contract_tests::variants::{EndedSpans, set_up, take_turn, with_every_variant};
use test_vocabulary::billing;
use test_vocabulary::forms::{self, instrumented_operation};

/// Sets an attribute with OpenTelemetry's API, like code without contracts.
fn set(key: &'static str, value: impl Into<Value>) {
    Context::map_current(|context| context.span().set_attribute(KeyValue::new(key, value)));
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

#[instrumented_operation(
    forms::FormRun as op,
    work.name = "entry",
    work.count = 1,
    ok(|()| work.kind = "small"),
)]
fn with_handle(body: impl FnOnce(&dyn Fn(i64))) -> Result<(), Broken> {
    body(&|count| op.work_count(count));
    Ok(())
}

#[instrumented_operation(
    forms::FormRun,
    work.name = "entry",
    work.count = 1,
    ok(|()| work.kind = "small"),
)]
fn plain(body: impl FnOnce()) -> Result<(), Broken> {
    body();
    Ok(())
}

#[instrumented_operation(forms::FormRun, work.name = "entry")]
fn failing(body: impl FnOnce()) -> Result<(), Broken> {
    body();
    Err(Broken)
}

#[instrumented_operation(forms::FullRun, person.email = "ada@example.org")]
fn personal(body: impl FnOnce()) {
    body();
}

/// Takes the only exported span.
#[track_caller]
fn only(spans: &EndedSpans) -> SpanData {
    let mut spans = spans.take();
    assert_eq!(spans.len(), 1, "one span");
    spans.remove(0)
}

#[track_caller]
fn assert_attributes(span: &SpanData, expected: &[(&str, &str)]) {
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let mut expected: Vec<_> = expected.iter().map(pair).collect();
    expected.sort();
    assert_eq!(attributes(span), expected);
}

fn install(spans: &EndedSpans) -> billing::setup::Guard {
    let setup = set_up("parentbased_always_on", None).with_span_end_processor(spans.clone());
    setup.install().expect("a valid set-up")
}

#[test]
fn attributes_of_other_code_override_initial_ones_and_yield_to_final_ones() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    let entry_and_ok = [
        ("work.name", "entry"),
        ("work.count", "1"),
        ("work.kind", "small"),
    ];
    plain(|| set("work.name", "others")).expect("a success");
    let [_, count, kind] = entry_and_ok;
    assert_attributes(&only(&spans), &[("work.name", "others"), count, kind]);
    plain(|| set("work.kind", "others")).expect("a success");
    assert_attributes(&only(&spans), &entry_and_ok);
    plain(|| {
        set("work.name", "first");
        set("other", 1);
        set("work.name", "second");
        set("other", 2);
    })
    .expect("a success");
    let expected = [("work.name", "second"), ("other", "2"), count, kind];
    assert_attributes(&only(&spans), &expected);
    failing(|| set("error.type", "others")).expect_err("a failure");
    let expected = [("work.name", "entry"), ("error.type", "broken")];
    assert_attributes(&only(&spans), &expected);
}

#[test]
fn attributes_of_a_handle_override_those_of_other_code() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    with_handle(|count| {
        set("work.count", 7);
        count(2);
        count(3);
        set("work.name", "others");
    })
    .expect("a success");
    let expected = [
        ("work.name", "others"),
        ("work.count", "3"),
        ("work.kind", "small"),
    ];
    assert_attributes(&only(&spans), &expected);
    let active = forms::FormRun {}.work_name("entry").start();
    active.in_context(|| set("work.name", "others"));
    active.work_count(4);
    active.in_context(|| set("work.count", 5));
    // Attributes set through the handle are merged when the operation ends.
    active.succeed();
    let expected = [("work.name", "others"), ("work.count", "4")];
    assert_attributes(&only(&spans), &expected);
}

#[test]
fn attributes_set_after_other_code_ended_the_span_are_ignored() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    with_handle(|count| {
        set("work.name", "others");
        Context::map_current(|context| context.span().end());
        set("work.name", "too late");
        count(2);
    })
    .expect("a success");
    let expected = [("work.name", "others"), ("work.count", "1")];
    assert_attributes(&only(&spans), &expected);
}

#[test]
fn keys_of_events_and_links_are_unique_and_not_empty() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    let pairs = || {
        let pairs = [("a", 1), ("", 2), ("b", 3), ("a", 4)];
        pairs.map(|(key, value)| KeyValue::new(key, value)).to_vec()
    };
    let linked = SpanContext::new(
        TraceId::from(1),
        SpanId::from(2),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    let annotate = || {
        set("", "nothing");
        Context::map_current(|context| {
            context.span().add_event("happened", pairs());
            context.span().add_link(linked.clone(), pairs());
        });
    };
    plain(annotate).expect("a success");
    // Spans of other instrumentation under the set-up follow the same rules.
    global::tracer("other").in_span("other", |_| {
        annotate();
        set("other", 1);
        set("other", 2);
    });
    let exported = spans.take();
    let expected = [KeyValue::new("a", 4), KeyValue::new("b", 3)];
    for span in &exported {
        assert!(
            span.attributes
                .iter()
                .all(|attribute| !attribute.key.as_str().is_empty())
        );
        assert_eq!(span.events.events[0].attributes, expected);
        assert_eq!(span.links.links[0].attributes, expected);
    }
    assert_eq!(exported[1].attributes, [KeyValue::new("other", 2)]);
}

#[test]
fn setting_an_existing_key_does_not_count_against_the_limit() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    plain(|| {
        Context::map_current(|context| {
            for round in 0..3 {
                for n in 0..126 {
                    context
                        .span()
                        .set_attribute(KeyValue::new(format!("other.{n}"), round));
                }
            }
            context
                .span()
                .set_attribute(KeyValue::new("work.name", "others"));
        });
    })
    .expect("a success");
    let span = only(&spans);
    // The limit is 128; the attributes of the operation are kept.
    assert_eq!(
        (span.attributes.len(), span.dropped_attributes_count),
        (128, 1)
    );
    for expected in [
        KeyValue::new("work.name", "others"),
        KeyValue::new("work.count", 1),
        KeyValue::new("work.kind", "small"),
        KeyValue::new("other.124", 2),
    ] {
        assert!(span.attributes.contains(&expected), "{expected:?}");
    }
}

/// Sampler that adds attributes with keys that operations also set.
#[derive(Clone, Debug)]
struct Adds;

impl ShouldSample for Adds {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let by_sampler = |key: &'static str| KeyValue::new(key, "sampler");
        SamplingResult {
            decision: SamplingDecision::RecordAndSample,
            attributes: ["work.name", "work.kind", "", "rule", "rule", "error.type"]
                .map(by_sampler)
                .to_vec(),
            trace_state: TraceState::NONE,
        }
    }
}

#[instrumented_operation(forms::SampledRun, work.kind = "large", work.name = "entry")]
fn sampled(fails: bool) -> Result<(), Broken> {
    if fails { Err(Broken) } else { Ok(()) }
}

#[test]
fn sampler_attributes_override_those_that_the_sampler_received_and_yield_to_all_others() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let setup = set_up("parentbased_always_on", None).sampler(Adds);
    let guard = setup.with_span_end_processor(spans.clone()).install();
    let _guard = guard.expect("a valid set-up");
    for _ in 0..2 {
        sampled(false).expect("a success");
        let common = [
            ("work.kind", "sampler"),
            ("work.name", "entry"),
            ("rule", "sampler"),
        ];
        let with = |class| [&common[..], &[("error.type", class)]].concat();
        assert_attributes(&only(&spans), &with("sampler"));
        sampled(true).expect_err("a failure");
        assert_attributes(&only(&spans), &with("broken"));
        with_handle(|count| count(2)).expect("a success");
        let expected = [
            ("work.name", "entry"),
            ("work.count", "2"),
            ("work.kind", "small"),
            ("rule", "sampler"),
            ("error.type", "sampler"),
        ];
        assert_attributes(&only(&spans), &expected);
    }
}

/// The operation's own keys are also unique on an SDK span, which keeps every attribute that is set.
#[test]
fn an_operation_sets_each_key_once_with_every_provider() {
    with_every_variant(true, |variant| {
        with_handle(|count| {
            count(2);
            count(3);
        })
        .expect("a success");
        let expected = [
            ("work.name", "entry"),
            ("work.count", "3"),
            ("work.kind", "small"),
        ];
        assert_attributes(&only(&variant.spans), &expected);
    });
}

/// Other code can set any attribute, as on any span; the attributes of the operation stay protected.
#[test]
fn other_code_does_not_reveal_a_protected_value() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let _guard = install(&spans);
    personal(|| set("person.name", "others"));
    let span = only(&spans);
    let shown = |text: &str| {
        span.attributes
            .iter()
            .any(|attribute| attribute.value.to_string() == text)
    };
    assert!(!shown("ada@example.org") && shown("[redacted]") && shown("others"));
}

/// A test scope follows the same rules as a set-up.
#[test]
fn keys_are_unique_in_a_test_scope() {
    let scope = forms::testing::scope();
    scope.run(|| plain(|| set("work.name", "others")).expect("a success"));
    let recording = scope.recorded();
    let names = recording.spans[0].attributes.iter();
    let names: Vec<String> = names
        .filter(|(key, _)| key.as_str() == "work.name")
        .map(|(_, value)| format!("{value:?}"))
        .collect();
    assert_eq!(names.len(), 1);
    assert!(names[0].contains("others"), "{names:?}");
}
