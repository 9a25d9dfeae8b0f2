use super::*;
use crate::definition::{BaggageDefinition, Number, OperationDefinition, Sampling};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceState};
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
        operation("unsaid", None),
    ],
    metrics: &[],
    limited: None,
    baggage: BaggageDefinition {
        keys: &[],
        admit: |_, _| None,
    },
    renames: &[],
    number: Number::new(),
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
    }
}

const fn sampling(ratio: f64, keep_errors: bool, keep_slower_than: Option<f64>) -> Sampling {
    Sampling {
        ratio,
        keep_errors,
        keep_slower_than,
    }
}

/// Trace ids spread evenly over what a share looks at: the lower 63 bits.
fn trace_ids() -> impl Iterator<Item = TraceId> {
    (0..1_000_u128).map(|n| TraceId::from((((2 * n + 1) << 64) / 2_000) | (1 << 100)))
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
    let state = TraceState::from_key_value([("vendor", "1")]).expect("a sound state");
    let (trace, span) = (TraceId::from(1), SpanId::from(1));
    Context::new().with_remote_span_context(SpanContext::new(trace, span, flags, remote, state))
}

#[test]
fn traces_that_begin_here_are_kept_by_the_share_of_their_operation() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent(1.0));
    for (name, share) in [
        ("tenth", 100),
        // A head sampler would throw away what it is told to keep.
        ("errors", 1_000),
        ("slow", 1_000),
        ("whole", 1_000),
        ("never", 0),
        ("unsaid", 1_000),
        ("GET /", 1_000),
    ] {
        assert_eq!(kept(&sampler, name, None), share, "{name}");
    }
}

#[test]
fn the_environment_decides_on_what_the_contract_leaves_open() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent(0.5));
    assert_eq!(kept(&sampler, "unsaid", None), 500);
    assert_eq!(kept(&sampler, "GET /", None), 500);
    assert_eq!(kept(&sampler, "tenth", None), 100);
}

#[test]
fn of_two_contracts_with_one_name_the_greater_share_is_kept() {
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
        number: Number::new(),
    };
    let sampler = ContractSampler::new(&[&CONTRACT, &OTHER], Fallback::parent(1.0));
    assert_eq!(kept(&sampler, "tenth", None), 500);
    assert_eq!(kept(&sampler, "whole", None), 1_000);
}

#[test]
fn a_parent_decides_local_or_remote() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::root(0.5));
    for remote in [false, true] {
        for name in ["tenth", "errors", "whole", "never"] {
            assert_eq!(kept(&sampler, name, Some(&parent(true, remote))), 1_000);
            assert_eq!(kept(&sampler, name, Some(&parent(false, remote))), 0);
        }
        // `traceidratio` does not look at parents; `parentbased_traceidratio` does.
        assert_eq!(kept(&sampler, "GET /", Some(&parent(true, remote))), 500);
    }
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent(0.5));
    assert_eq!(kept(&sampler, "GET /", Some(&parent(true, true))), 1_000);
    // A context without a valid span is no parent.
    assert_eq!(kept(&sampler, "tenth", Some(&Context::new())), 100);
}

#[test]
fn services_with_the_same_share_keep_the_same_traces() {
    let ours = ContractSampler::new(&[&CONTRACT], Fallback::parent(1.0));
    let theirs = Sampler::TraceIdRatioBased(0.1);
    let decide = |sampler: &dyn ShouldSample, id| {
        let result = sampler.should_sample(None, id, "tenth", &SpanKind::Internal, &[], &[]);
        result.decision
    };
    for id in trace_ids() {
        assert_eq!(decide(&ours, id), decide(&theirs, id));
    }
}

#[test]
fn the_state_of_the_trace_goes_on() {
    let sampler = ContractSampler::new(&[&CONTRACT], Fallback::parent(1.0));
    let parent = parent(true, true);
    let kind = SpanKind::Internal;
    let result = sampler.should_sample(Some(&parent), TraceId::from(1), "tenth", &kind, &[], &[]);
    assert_eq!(result.trace_state.get("vendor"), Some("1"));
}
