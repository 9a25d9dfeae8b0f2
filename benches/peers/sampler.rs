//! The sampler of every peer: follows the parent, and decides about root spans as the scene requires.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use otel_contract::prediction::{SamplingReason, note_reason};

/// Decides like `Sampler::ParentBased`, and reports the reason like the sampler of a contract. Every peer uses this sampler,
/// so that the cost of the sampler is the same; only `otel-contract` uses the reason.
#[derive(Clone, Debug)]
pub(crate) struct Says {
    begins: bool,
    inner: Sampler,
}

impl Says {
    pub(crate) fn new(begins: bool) -> Self {
        let root = if begins {
            Sampler::AlwaysOn
        } else {
            Sampler::AlwaysOff
        };
        Self {
            begins,
            inner: Sampler::ParentBased(Box::new(root)),
        }
    }
}

impl ShouldSample for Says {
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
            SamplingReason::EveryRoot(self.begins)
        });
        self.inner
            .should_sample(parent, trace, name, kind, attributes, links)
    }
}
