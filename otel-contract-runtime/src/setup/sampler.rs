//! The head sampler of a contract.

use crate::definition::ContractDefinition;
use crate::prediction::{SamplingReason, note_reason};
use crate::probability::{self, Threshold};
use crate::received;
use opentelemetry::trace::{Link, SpanContext, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Decides when a trace begins, by what the contract says of the operation it begins with.
///
/// A span with a parent follows the parent's decision, local or remote. Of traces that begin here, the contract's
/// `ratio` is kept. An operation with `keep` is sampled whole: whether it fails or is slow is known at the end only, so
/// thinning it is the Collector's part, whose tail sampling sees the end. Spans the contract says nothing about are left
/// to the sampler of the environment.
///
/// The ratio is decided by OpenTelemetry's consistent probability sampling: a trace is kept if the last 56 bits of its
/// id, or the `rv` that its `tracestate` has, are not below a threshold. So all services with this algorithm that ask for
/// the same share keep the same traces, and those that ask for more keep these as well. The threshold goes along in the
/// `tracestate` of the trace and is exported with its spans, as `ot=th:e666` for a ratio of 0.1: whoever counts spans
/// knows that each of them stands for ten. Nothing is added for a ratio of 1.
///
/// The SDK's `TraceIdRatioBased` keeps as many traces, but not the same ones: its algorithm is not specified, and the
/// specification asks to use it where traces begin, and to follow the parent everywhere else. That makes any two
/// algorithms agree. Under `OTEL_TRACES_SAMPLER=traceidratio`, where no parent is followed, spans the contract says
/// nothing about are left to the SDK's, so that services of the same SDK agree.
///
/// A sampler sees names, not scopes: a span of another library that has the name of an operation is
/// sampled as that operation.
#[derive(Clone)]
pub struct ContractSampler {
    /// By operation, of those whose share the contract gives.
    operations: Arc<HashMap<&'static str, Share>>,
    others: Fallback,
}

impl ContractSampler {
    /// Shares of one name in two contracts: the greater one, since less cannot be made more later.
    pub(crate) fn new(contracts: &[&'static ContractDefinition], others: Fallback) -> Self {
        let mut shares: HashMap<&'static str, f64> = HashMap::new();
        for operation in contracts.iter().flat_map(|contract| contract.operations) {
            if let Some(sampling) = operation.sampling {
                let share = shares.entry(operation.name).or_insert(0.0);
                *share = share.max(sampling.at_the_head());
            }
        }
        let share = |(name, share)| (name, Share::of(share));
        Self {
            operations: Arc::new(shares.into_iter().map(share).collect()),
            others,
        }
    }
}

impl ShouldSample for ContractSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let span = parent.map(TraceContextExt::span);
        let above = span
            .as_ref()
            .map_or(&SpanContext::NONE, |span| span.span_context());
        let decision = parent.and_then(received::decision);
        let own = || self.operations.get(name);
        // Most spans have a parent, and then nothing is looked up.
        if let Some(is_sampled) = decision
            && (self.others.parent || own().is_some())
        {
            note_reason(SamplingReason::Parent);
            return result(is_sampled, probability::inherited(above));
        }
        let state = above.trace_state();
        let share = own().unwrap_or(&self.others.share);
        let is_all = match share {
            Share::All => true,
            Share::None => false,
            Share::Part(threshold) => {
                let (is_kept, state) = threshold.decide(state, trace_id);
                return result(is_kept, state);
            }
            Share::OfSdk(sampler) => {
                let sampled =
                    sampler.should_sample(parent, trace_id, name, kind, attributes, links);
                let is_kept = sampled.decision != SamplingDecision::Drop;
                // Its probability is not that of the parent.
                return result(is_kept, probability::with_threshold(state, None));
            }
        };
        if decision.is_none() && !above.is_valid() {
            note_reason(SamplingReason::EveryRoot(is_all));
        }
        result(is_all, probability::with_threshold(state, None))
    }
}

fn result(is_sampled: bool, trace_state: TraceState) -> SamplingResult {
    SamplingResult {
        decision: if is_sampled {
            SamplingDecision::RecordAndSample
        } else {
            SamplingDecision::Drop
        },
        attributes: Vec::new(),
        trace_state,
    }
}

impl fmt::Debug for ContractSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractSampler")
            .field("operations", &self.operations)
            .field("others", &self.others)
            .finish()
    }
}

/// What happens to spans the contract says nothing about.
#[derive(Clone, Debug)]
pub(crate) struct Fallback {
    /// Whether a parent decides.
    parent: bool,
    share: Share,
}

impl Fallback {
    /// This share of traces that begin here; with a parent, as the parent.
    pub(crate) fn parent(share: f64) -> Self {
        Self {
            parent: true,
            share: Share::of(share),
        }
    }

    /// This share, whatever the parent says.
    pub(crate) fn root(share: f64) -> Self {
        let share = match Share::of(share) {
            // Every span is decided by itself, so the algorithm has to be that of the other services.
            Share::Part(_) => Share::OfSdk(Sampler::TraceIdRatioBased(share)),
            share => share,
        };
        Self {
            parent: false,
            share,
        }
    }
}

/// How many spans are sampled.
#[derive(Clone, Debug)]
enum Share {
    All,
    None,
    Part(Threshold),
    OfSdk(Sampler),
}

impl Share {
    fn of(share: f64) -> Self {
        if share >= 1.0 {
            Self::All
        } else if share > 0.0 {
            Self::Part(Threshold::of_share(share))
        } else {
            Self::None
        }
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
