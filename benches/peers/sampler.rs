//! The sampler of every peer: as the parent, and a trace that begins here as the scene wants it.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use otel_contract::prediction::{SamplingReason, note_reason};

/// Decides as `Sampler::ParentBased`, and says why, as the sampler of a contract does. Every peer is given
/// this one, so that they all ask the same; only ours listens.
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
