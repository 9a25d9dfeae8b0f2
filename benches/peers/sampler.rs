//! The sampler of the SDK providers: follows the parent, and decides about root spans as the scene requires.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use otel_contract::prediction::{SamplingReason, note_reason};

/// Decides like `Sampler::ParentBased`, and reports the reason like the sampler of a contract, so that both cost about
/// the same. A set-up uses the sampler of the contract; every SDK provider of a scene uses this sampler. Only
/// `otel-contract` uses the reason.
#[derive(Clone, Debug)]
pub(crate) struct PeerSampler {
    samples_roots: bool,
    inner: Sampler,
}

impl PeerSampler {
    pub(crate) fn new(samples_roots: bool) -> Self {
        let root = if samples_roots {
            Sampler::AlwaysOn
        } else {
            Sampler::AlwaysOff
        };
        Self {
            samples_roots,
            inner: Sampler::ParentBased(Box::new(root)),
        }
    }
}

impl ShouldSample for PeerSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let follows = parent.is_some_and(|parent| parent.span().span_context().is_valid());
        note_reason(if follows {
            SamplingReason::Parent
        } else {
            SamplingReason::EveryRoot(self.samples_roots)
        });
        self.inner
            .should_sample(parent, trace, name, kind, attributes, links)
    }
}
