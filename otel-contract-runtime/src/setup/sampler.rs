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

/// Samples traces by the `sampling` of the operation that starts them.
///
/// A span with a local or remote parent follows the decision of the parent. An operation without a parent is sampled by
/// the `ratio` of the contract, or always if it has `keep`: only its end shows whether it failed or was slow, so its
/// ratio is for tail sampling in a Collector. Spans without `sampling` in the contract are sampled by
/// `parentbased_always_on`. If `OTEL_TRACES_SAMPLER` is set, a set-up samples all spans by the variable instead.
///
/// The ratio is decided by OpenTelemetry's consistent probability sampling: a trace is kept if the last 56 bits of its id,
/// or the `rv` of its `tracestate`, are not below a threshold. So all services with this algorithm and the same ratio keep
/// the same traces, and services with a larger ratio keep these traces too. The threshold is propagated in the `tracestate`
/// of the trace and exported with its spans, as `ot=th:e666` for a ratio of 0.1: tools that count spans know that each span
/// represents ten. For a ratio of 1, no threshold is added.
///
/// The SDK's `TraceIdRatioBased` keeps the same number of traces, but not the same traces. Its algorithm is not
/// specified. The specification therefore recommends it only for root spans; all other spans follow their parent, so it
/// does not matter that services use different algorithms. `OTEL_TRACES_SAMPLER=traceidratio` does not follow parents,
/// so all spans are then sampled by the SDK's algorithm, which is the same in all services that use this SDK.
///
/// A sampler receives names, not scopes: a span of another library with the name of an operation is sampled as that
/// operation.
#[derive(Clone)]
pub struct ContractSampler {
    /// Rules of the operations with `sampling` in the contract, by name.
    operations: Arc<HashMap<&'static str, Rule>>,
    fallback: Fallback,
}

impl ContractSampler {
    /// Creates the sampler. If two contracts have a ratio for the same name, the greater ratio is used, because traces that
    /// are not sampled cannot be recovered later.
    pub(crate) fn new(contracts: &[&'static ContractDefinition], fallback: Fallback) -> Self {
        let mut ratios: HashMap<&'static str, f64> = HashMap::new();
        for operation in contracts.iter().flat_map(|contract| contract.operations) {
            if let Some(sampling) = operation.sampling {
                let ratio = ratios.entry(operation.name).or_insert(0.0);
                *ratio = ratio.max(sampling.head_ratio());
            }
        }
        let rule = |(name, ratio)| (name, Rule::of(ratio));
        Self {
            operations: Arc::new(ratios.into_iter().map(rule).collect()),
            fallback,
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
        let parent_span = span
            .as_ref()
            .map_or(&SpanContext::NONE, |span| span.span_context());
        let decision = parent.and_then(received::decision);
        let contract_rule = || self.operations.get(name);
        // Checked first, because most spans have a parent and then need no lookup.
        if let Some(is_sampled) = decision
            && (self.fallback.follows_parent || contract_rule().is_some())
        {
            note_reason(SamplingReason::Parent);
            return sampling_result(is_sampled, probability::inherited(parent_span));
        }
        let state = parent_span.trace_state();
        let rule = contract_rule().unwrap_or(&self.fallback.rule);
        let samples_all = match rule {
            Rule::All => true,
            Rule::None => false,
            Rule::Ratio(threshold) => {
                let (is_kept, state) = threshold.decide(state, trace_id);
                return sampling_result(is_kept, state);
            }
            Rule::Sdk(sampler) => {
                let sampled =
                    sampler.should_sample(parent, trace_id, name, kind, attributes, links);
                let is_kept = sampled.decision != SamplingDecision::Drop;
                // The threshold of the parent does not apply to this decision.
                return sampling_result(is_kept, probability::with_threshold(state, None));
            }
        };
        if decision.is_none() && !parent_span.is_valid() {
            note_reason(SamplingReason::EveryRoot(samples_all));
        }
        sampling_result(samples_all, probability::with_threshold(state, None))
    }
}

fn sampling_result(is_sampled: bool, trace_state: TraceState) -> SamplingResult {
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
            .field("fallback", &self.fallback)
            .finish()
    }
}

/// Sampler of spans without `sampling` in the contract.
#[derive(Clone, Debug)]
pub(crate) struct Fallback {
    /// Whether the decision of a parent is followed.
    follows_parent: bool,
    rule: Rule,
}

impl Fallback {
    /// Follows a parent, and samples this ratio of the traces without a parent.
    pub(crate) fn parent_based(ratio: f64) -> Self {
        Self {
            follows_parent: true,
            rule: Rule::of(ratio),
        }
    }

    /// Samples this ratio, and ignores the decision of a parent.
    pub(crate) fn independent(ratio: f64) -> Self {
        let rule = match Rule::of(ratio) {
            // The decision about a span ignores its parent, so all services must use the same algorithm.
            Rule::Ratio(_) => Rule::Sdk(Sampler::TraceIdRatioBased(ratio)),
            rule => rule,
        };
        Self {
            follows_parent: false,
            rule,
        }
    }
}

/// Decides about spans that do not follow the decision of a parent.
#[derive(Clone, Debug)]
enum Rule {
    All,
    None,
    Ratio(Threshold),
    Sdk(Sampler),
}

impl Rule {
    fn of(ratio: f64) -> Self {
        if ratio >= 1.0 {
            Self::All
        } else if ratio > 0.0 {
            Self::Ratio(Threshold::of_ratio(ratio))
        } else {
            Self::None
        }
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
