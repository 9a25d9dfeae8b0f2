use super::*;
use crate::definition::{BaggageDefinition, ContractIndex, OperationDefinition, Sampling};
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceState};
use opentelemetry_sdk::trace::SamplingDecision;

static CONTRACT: ContractDefinition = ContractDefinition {
    name: "shop",
    version: "1.0.0",
    schema_url: None,
    attributes: &[],
    operations: &[
        operation("tenth", Some(sampling(0.1, false, None))),
        operation("errors", Some(sampling(0.1, true, None))),
        operation("slow", Some(sampling(0.1, false, Some(2.0)))),
        operation("whole", Some(sampling(1.0, false, None))),
        operation("never", Some(sampling(0.0, false, None))),
        operation("without_sampling", None),
    ],
    metrics: &[],
    limited: None,
    baggage: BaggageDefinition {
        keys: &[],
        admit: |_, _| None,
    },
    renames: &[],
    description: None,
    index: ContractIndex::new(),
};

const fn operation(name: &'static str, sampling: Option<Sampling>) -> OperationDefinition {
    OperationDefinition {
        name,
        kind: SpanKind::Internal,
        contract: &CONTRACT,
        index: 0,
        attributes: &[],
        errors: None,
        duration: None,
        active: None,
        sampling,
        routes: &[],
    }
}

const fn sampling(ratio: f64, keep_errors: bool, keep_slower_than: Option<f64>) -> Sampling {
    Sampling {
        ratio,
        keep_errors,
        keep_slower_than,
    }
}

/// Returns trace ids that are spread evenly over the last 56 bits, which decide for a ratio of the contract, and over the
/// last 64 bits, which decide in the algorithm of the SDK.
fn trace_ids() -> impl Iterator<Item = TraceId> {
    let spread = move |n: u128, bits: u32| ((2 * n + 1) << bits) / 2_000;
    let highest = move |n: u128| spread(n, 8) << 56;
    (0..1_000_u128).map(move |n| TraceId::from(highest(n) | spread(n, 56) | (1 << 100)))
}

fn kept(sampler: &ContractSampler, name: &str, parent: Option<&Context>) -> usize {
    let keeps = |id: &TraceId| {
        let result = sampler.should_sample(parent, *id, name, &SpanKind::Internal, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    };
    trace_ids().filter(keeps).count()
}

fn parent(sampled: bool, remote: bool) -> Context {
    let flags = TraceFlags::default().with_sampled(sampled);
    let state = TraceState::from_key_value([("vendor", "1")]).expect("a valid state");
    let (trace, span) = (TraceId::from(1), SpanId::from(1));
    Context::new().with_remote_span_context(SpanContext::new(trace, span, flags, remote, state))
}

#[test]
fn traces_without_a_parent_are_sampled_by_the_ratio_of_their_operation() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(1.0));
    for (name, count) in [
        ("tenth", 100),
        // A head sampler must not drop operations with `keep`.
        ("errors", 1_000),
        ("slow", 1_000),
        ("whole", 1_000),
        ("never", 0),
        ("without_sampling", 1_000),
        ("GET /", 1_000),
    ] {
        assert_eq!(kept(&sampler, name, None), count, "{name}");
    }
}

#[test]
fn the_fallback_decides_about_spans_without_sampling_in_the_contract() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.5));
    assert_eq!(kept(&sampler, "without_sampling", None), 500);
    assert_eq!(kept(&sampler, "GET /", None), 500);
    assert_eq!(kept(&sampler, "tenth", None), 100);
}

#[test]
fn the_greater_ratio_of_two_contracts_is_used() {
    static OTHER: ContractDefinition = ContractDefinition {
        name: "other",
        version: "1.0.0",
        schema_url: None,
        attributes: &[],
        operations: &[
            operation("tenth", Some(sampling(0.5, false, None))),
            operation("whole", Some(sampling(0.5, false, None))),
        ],
        metrics: &[],
        limited: None,
        baggage: BaggageDefinition {
            keys: &[],
            admit: |_, _| None,
        },
        renames: &[],
        description: None,
        index: ContractIndex::new(),
    };
    let sampler = ContractSampler::new(&[&CONTRACT, &OTHER], Fallback::parent_based(1.0));
    assert_eq!(kept(&sampler, "tenth", None), 500);
    assert_eq!(kept(&sampler, "whole", None), 1_000);
}

#[test]
fn a_local_or_remote_parent_decides() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::independent(0.5));
    for remote in [false, true] {
        for name in ["tenth", "errors", "whole", "never"] {
            assert_eq!(kept(&sampler, name, Some(&parent(true, remote))), 1_000);
            assert_eq!(kept(&sampler, name, Some(&parent(false, remote))), 0);
        }
        // `traceidratio` ignores parents; `parentbased_traceidratio` follows them.
        assert_eq!(kept(&sampler, "GET /", Some(&parent(true, remote))), 500);
    }
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.5));
    assert_eq!(kept(&sampler, "GET /", Some(&parent(true, true))), 1_000);
    // A context without a valid span is not a parent.
    assert_eq!(kept(&sampler, "tenth", Some(&Context::new())), 100);
}

#[test]
fn services_with_the_same_or_a_greater_ratio_keep_the_same_traces() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.5));
    let other = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.1));
    for id in trace_ids() {
        let is_kept = |sampler: &ContractSampler, name| decide(sampler, name, None, id).0;
        assert_eq!(is_kept(&sampler, "tenth"), is_kept(&other, "GET /"));
        assert!(!is_kept(&sampler, "tenth") || is_kept(&sampler, "GET /"));
    }
}

/// Returns whether a span is sampled, and its trace state.
fn decide(
    sampler: &ContractSampler,
    name: &str,
    parent: Option<&Context>,
    id: TraceId,
) -> (bool, String) {
    let result = sampler.should_sample(parent, id, name, &SpanKind::Internal, &[], &[]);
    let is_sampled = result.decision == SamplingDecision::RecordAndSample;
    (is_sampled, result.trace_state.header())
}

/// Trace ids whose last 56 bits are the threshold of a tenth, and one less than the threshold.
const KEPT: TraceId = TraceId::from_bytes([7, 7, 7, 7, 7, 7, 7, 7, 0, 0xe6, 0x66, 0, 0, 0, 0, 0]);
const DROPPED: TraceId = TraceId::from_bytes([
    7, 7, 7, 7, 7, 7, 7, 7, 0xff, 0xe6, 0x65, 0xff, 0xff, 0xff, 0xff, 0xff,
]);

/// Returns a context without a valid span, which starts a trace with this state.
fn starting_with(state: &str) -> Context {
    let state: TraceState = state.parse().expect("a valid state");
    let flags = TraceFlags::default();
    let invalid = SpanContext::new(TraceId::INVALID, SpanId::INVALID, flags, false, state);
    Context::new().with_remote_span_context(invalid)
}

#[test]
fn the_last_56_bits_of_the_trace_id_decide_and_the_state_has_the_threshold() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.25));
    assert_eq!(
        decide(&sampler, "tenth", None, KEPT),
        (true, "ot=th:e666".to_owned())
    );
    assert_eq!(
        decide(&sampler, "tenth", None, DROPPED),
        (false, String::new())
    );
    assert_eq!(
        decide(&sampler, "GET /", None, KEPT),
        (true, "ot=th:c".to_owned())
    );
    for whole in ["whole", "errors"] {
        assert_eq!(
            decide(&sampler, whole, None, DROPPED),
            (true, String::new())
        );
    }
}

#[test]
fn explicit_randomness_decides_and_the_rest_of_the_state_is_kept() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(1.0));
    let root = starting_with("vendor=1,ot=rv:ffffffffffffff;k:v");
    let kept = "ot=rv:ffffffffffffff;k:v;th:e666,vendor=1";
    assert_eq!(
        decide(&sampler, "tenth", Some(&root), DROPPED),
        (true, kept.to_owned())
    );
    let root = starting_with("vendor=1,ot=rv:00000000000000;th:0");
    let lost = "ot=rv:00000000000000,vendor=1";
    assert_eq!(
        decide(&sampler, "tenth", Some(&root), KEPT),
        (false, lost.to_owned())
    );
}

#[test]
fn a_child_keeps_the_threshold_only_if_it_follows_its_parent() {
    let parent = |state: &str| {
        let state: TraceState = state.parse().expect("a valid state");
        let flags = TraceFlags::SAMPLED;
        let context = SpanContext::new(KEPT, SpanId::from(1), flags, true, state);
        Context::new().with_remote_span_context(context)
    };
    let follows = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(0.5));
    for name in ["tenth", "whole", "GET /"] {
        let (sampled, state) = decide(&follows, name, Some(&parent("ot=th:8,a=1")), KEPT);
        assert_eq!((sampled, &*state), (true, "ot=th:8,a=1"));
    }
    for ratio in [1.0, 0.5, 0.0] {
        let ignores = ContractSampler::new(&[&CONTRACT], Fallback::independent(ratio));
        let (_, state) = decide(&ignores, "GET /", Some(&parent("ot=th:8,a=1")), KEPT);
        assert_eq!(state, "a=1");
    }
}

#[test]
fn a_sampler_that_ignores_parents_samples_like_the_sdk() {
    let ours = ContractSampler::new(&[&CONTRACT], Fallback::independent(0.1));
    let sdk = Sampler::TraceIdRatioBased(0.1);
    for id in trace_ids() {
        let expected = sdk.should_sample(None, id, "GET /", &SpanKind::Internal, &[], &[]);
        let is_sampled = expected.decision == SamplingDecision::RecordAndSample;
        assert_eq!(decide(&ours, "GET /", None, id).0, is_sampled);
    }
}

#[test]
fn the_trace_state_is_propagated() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent_based(1.0));
    let parent = parent(true, true);
    let kind = SpanKind::Internal;
    let result = sampler.should_sample(Some(&parent), TraceId::from(1), "tenth", &kind, &[], &[]);
    assert_eq!(result.trace_state.get("vendor"), Some("1"));
}
