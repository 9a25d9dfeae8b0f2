//! Sampling with a ratio: the randomness of the trace id decides, and spans carry their sampling threshold
//! (OpenTelemetry specification, "Probability Sampling").

#![allow(missing_docs)]

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId};
use opentelemetry::{Context, global};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use otel_contract::TraceContext;
use otel_contract_tests::variants::{EndedSpans, set_up, take_turn};

otel_contract::contract!("tests/consistent_sampling/shop.yaml");

use shop::instrumented_operation;

fn current_span() -> SpanContext {
    Context::map_current(|context| context.span().span_context().clone())
}

/// Returns the span contexts of this operation and of a child, and the trace context for the next service.
#[instrumented_operation(shop::QuarterRun)]
fn quarter() -> (SpanContext, SpanContext, TraceContext) {
    let step = step();
    (current_span(), step, TraceContext::current())
}

#[instrumented_operation(shop::StepRun)]
fn step() -> SpanContext {
    current_span()
}

/// Last 56 bits of the trace id.
fn randomness(trace: TraceId) -> u64 {
    u64::from_be_bytes(trace.to_bytes()[8..].try_into().expect("eight")) & ((1 << 56) - 1)
}

/// Threshold of the ratio 0.25: `th:c`, 0xc0000000000000.
const THRESHOLD: u64 = 0xc0 << 48;

/// Runs the check with the sampler of the contract, once under a set-up and once in a user-supplied provider.
fn with_set_up_and_provider(check: impl Fn(&str, &EndedSpans)) {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let setup = set_up("", None).with_contract(&shop::VOCABULARY);
    let setup = setup.with_span_end_processor(spans.clone());
    let guard = setup.install().expect("a valid set-up");
    check("a set-up", &spans);
    drop(guard);
    let provider = SdkTracerProvider::builder()
        .with_sampler(shop::VOCABULARY.sampler())
        .with_span_processor(spans.clone())
        .build();
    shop::Providers::new()
        .with_tracer_provider(provider)
        .install();
    check("a provider", &spans);
}

fn header(span: &SpanData) -> String {
    span.span_context.trace_state().header()
}

#[test]
fn the_last_bits_of_the_trace_id_decide_and_every_span_has_the_threshold() {
    with_set_up_and_provider(|variant, spans| {
        let _guard = Context::new().attach();
        let mut kept = 0;
        for _ in 0..200 {
            let (root, step, sent) = quarter();
            let is_kept = randomness(root.trace_id()) >= THRESHOLD;
            assert_eq!(
                (root.is_sampled(), step.is_sampled()),
                (is_kept, is_kept),
                "{variant}: {root:?}"
            );
            let expected = if is_kept { "ot=th:c" } else { "" };
            for context in [&root, &step] {
                assert_eq!(context.trace_state().header(), expected, "{variant}");
            }
            assert_eq!(sent.tracestate().unwrap_or_default(), expected, "{variant}");
            kept += usize::from(is_kept);
        }
        let exported = spans.take();
        assert_eq!(exported.len(), 2 * kept, "{variant}");
        assert!(
            exported.iter().all(|span| header(span) == "ot=th:c"),
            "{variant}"
        );
    });
}

#[test]
fn explicit_randomness_decides_and_is_kept() {
    with_set_up_and_provider(|variant, spans| {
        for (randomness, is_kept) in [("c0000000000000", true), ("bfffffffffffff", false)] {
            let state = format!("vendor=1,ot=rv:{randomness}");
            let state = state.parse().expect("a well-formed trace state");
            let flags = TraceFlags::default();
            // This remote context has a trace state, but no ids.
            let remote = SpanContext::new(TraceId::INVALID, SpanId::INVALID, flags, false, state);
            let _guard = Context::new().with_remote_span_context(remote).attach();
            for _ in 0..20 {
                let (root, step, _) = quarter();
                let expected = if is_kept {
                    format!("ot=rv:{randomness};th:c,vendor=1")
                } else {
                    format!("vendor=1,ot=rv:{randomness}")
                };
                for context in [root, step] {
                    assert_eq!(context.is_sampled(), is_kept, "{variant}");
                    assert_eq!(context.trace_state().header(), expected, "{variant}");
                }
            }
        }
        assert_eq!(spans.take().len(), 40, "{variant}");
    });
}

#[test]
fn a_child_keeps_the_threshold_of_its_parent_whatever_its_own_ratio() {
    const TRACE: u128 = 0x0af7_6519_16cd_43dd_84e7_0000_0000_0000;
    with_set_up_and_provider(|variant, spans| {
        let remote = |sampled: bool, state: &str| {
            let state = state.parse().expect("a well-formed trace state");
            let flags = TraceFlags::default().with_sampled(sampled);
            let (trace, span) = (TraceId::from(TRACE), SpanId::from(1));
            SpanContext::new(trace, span, flags, true, state)
        };
        for (sampled, received, propagated) in [
            (true, "vendor=1,ot=k:v;th:e666", "vendor=1,ot=k:v;th:e666"),
            (true, "ot=th:0", "ot=th:0"),
            (true, "vendor=1", "vendor=1"),
            // This threshold contradicts the decision: with it, the trace would not be sampled.
            (true, "ot=th:e8;k:v,vendor=1", "ot=k:v,vendor=1"),
            (false, "vendor=1", "vendor=1"),
        ] {
            let parent = remote(sampled, received);
            let _guard = Context::new().with_remote_span_context(parent).attach();
            for _ in 0..3 {
                let (own, step, sent) = quarter();
                for context in [&own, &step] {
                    assert_eq!(context.is_sampled(), sampled, "{variant}");
                    assert_eq!(context.trace_state().header(), propagated, "{variant}");
                }
                assert_eq!(sent.tracestate(), Some(propagated), "{variant}");
            }
        }
        assert_eq!(spans.take().len(), 4 * 3 * 2, "{variant}");
    });
}

#[test]
fn a_ratio_of_the_environment_sets_the_threshold_unless_it_is_one() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    for (ratio, threshold) in [("0.5", Some("8")), ("1", None)] {
        let setup = set_up("parentbased_traceidratio", Some(ratio));
        let setup = setup.with_contract(&shop::VOCABULARY);
        let setup = setup.with_span_end_processor(spans.clone());
        let guard = setup.install().expect("a valid set-up");
        let _guard = Context::new().attach();
        for _ in 0..20 {
            step();
            // Spans of other instrumentation use the same sampler.
            opentelemetry::trace::Tracer::in_span(&global::tracer("other"), "other", |_| ());
        }
        let exported = spans.take();
        assert!(threshold.is_some() || exported.len() == 40);
        let expected = threshold.map(|threshold| format!("ot=th:{threshold}"));
        let expected = expected.unwrap_or_default();
        for span in &exported {
            assert_eq!(header(span), expected);
            let bits = randomness(span.span_context.trace_id());
            assert!(threshold.is_none() || bits >= 0x80 << 48);
        }
        drop(guard);
    }
}
