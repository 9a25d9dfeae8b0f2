//! A ratio is decided by the randomness of the trace, and spans say with which probability they were kept
//! (OpenTelemetry specification, "Probability Sampling").

#![allow(missing_docs)]

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId};
use opentelemetry::{Context, global};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use otel_contract::TraceContext;
use otel_contract_tests::roads::{Keeps, set_up, turn};

otel_contract::contract!("tests/consistent_sampling/shop.yaml");

use shop::instrumented_operation;

fn here() -> SpanContext {
    Context::map_current(|context| context.span().span_context().clone())
}

/// What the trace and a step of it see, and what would be sent to the next service.
#[instrumented_operation(shop::QuarterRun)]
fn quarter() -> (SpanContext, SpanContext, TraceContext) {
    let step = step();
    (here(), step, TraceContext::current())
}

#[instrumented_operation(shop::StepRun)]
fn step() -> SpanContext {
    here()
}

/// The last 56 bits.
fn randomness(trace: TraceId) -> u64 {
    u64::from_be_bytes(trace.to_bytes()[8..].try_into().expect("eight")) & ((1 << 56) - 1)
}

/// A quarter: `th:c`, 0xc0000000000000.
const THRESHOLD: u64 = 0xc0 << 48;

/// Installs the sampler of the contract in either way, and gives the spans.
fn each_way(check: impl Fn(&str, &Keeps)) {
    let _turn = turn();
    let spans = Keeps::default();
    let setup = set_up("", None).with_contract(&shop::VOCABULARY);
    let setup = setup.with_span_end_processor(spans.clone());
    let guard = setup.install().expect("nothing is wrong with it");
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
fn the_end_of_the_trace_id_decides_and_every_span_tells_the_threshold() {
    each_way(|way, spans| {
        let _guard = Context::new().attach();
        let mut kept = 0;
        for _ in 0..200 {
            let (root, step, sent) = quarter();
            let is_kept = randomness(root.trace_id()) >= THRESHOLD;
            assert_eq!(
                (root.is_sampled(), step.is_sampled()),
                (is_kept, is_kept),
                "{way}: {root:?}"
            );
            let expected = if is_kept { "ot=th:c" } else { "" };
            for context in [&root, &step] {
                assert_eq!(context.trace_state().header(), expected, "{way}");
            }
            assert_eq!(sent.tracestate().unwrap_or_default(), expected, "{way}");
            kept += usize::from(is_kept);
        }
        let exported = spans.take();
        assert_eq!(exported.len(), 2 * kept, "{way}");
        assert!(
            exported.iter().all(|span| header(span) == "ot=th:c"),
            "{way}"
        );
    });
}

#[test]
fn explicit_randomness_of_an_application_decides_and_stays() {
    each_way(|way, spans| {
        for (randomness, is_kept) in [("c0000000000000", true), ("bfffffffffffff", false)] {
            let state = format!("vendor=1,ot=rv:{randomness}");
            let state = state.parse().expect("it is well formed");
            let flags = TraceFlags::default();
            let begins = SpanContext::new(TraceId::INVALID, SpanId::INVALID, flags, false, state);
            let _guard = Context::new().with_remote_span_context(begins).attach();
            for _ in 0..20 {
                let (root, step, _) = quarter();
                let expected = if is_kept {
                    format!("ot=rv:{randomness};th:c,vendor=1")
                } else {
                    format!("vendor=1,ot=rv:{randomness}")
                };
                for context in [root, step] {
                    assert_eq!(context.is_sampled(), is_kept, "{way}");
                    assert_eq!(context.trace_state().header(), expected, "{way}");
                }
            }
        }
        assert_eq!(spans.take().len(), 40, "{way}");
    });
}

#[test]
fn a_child_keeps_the_threshold_of_its_parent_whatever_its_own_ratio() {
    const TRACE: u128 = 0x0af7_6519_16cd_43dd_84e7_0000_0000_0000;
    each_way(|way, spans| {
        let remote = |sampled: bool, state: &str| {
            let state = state.parse().expect("it is well formed");
            let flags = TraceFlags::default().with_sampled(sampled);
            let (trace, span) = (TraceId::from(TRACE), SpanId::from(1));
            SpanContext::new(trace, span, flags, true, state)
        };
        for (sampled, received, passed_on) in [
            (true, "vendor=1,ot=k:v;th:e666", "vendor=1,ot=k:v;th:e666"),
            (true, "ot=th:0", "ot=th:0"),
            (true, "vendor=1", "vendor=1"),
            // The trace would not have been kept with it.
            (true, "ot=th:e8;k:v,vendor=1", "ot=k:v,vendor=1"),
            (false, "vendor=1", "vendor=1"),
        ] {
            let parent = remote(sampled, received);
            let _guard = Context::new().with_remote_span_context(parent).attach();
            for _ in 0..3 {
                let (own, step, sent) = quarter();
                for context in [&own, &step] {
                    assert_eq!(context.is_sampled(), sampled, "{way}");
                    assert_eq!(context.trace_state().header(), passed_on, "{way}");
                }
                assert_eq!(sent.tracestate(), Some(passed_on), "{way}");
            }
        }
        assert_eq!(spans.take().len(), 4 * 3 * 2, "{way}");
    });
}

#[test]
fn a_ratio_of_the_environment_is_told_as_well_and_a_whole_one_is_not() {
    let _turn = turn();
    let spans = Keeps::default();
    for (ratio, threshold) in [("0.5", Some("8")), ("1", None)] {
        let setup = set_up("parentbased_traceidratio", Some(ratio));
        let setup = setup.with_contract(&shop::VOCABULARY);
        let setup = setup.with_span_end_processor(spans.clone());
        let guard = setup.install().expect("nothing is wrong with it");
        let _guard = Context::new().attach();
        for _ in 0..20 {
            step();
            // Spans of other instrumentation are sampled by the same sampler.
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
