//! The head sampler of a contract.

use crate::definition::ContractDefinition;
use crate::foresight::{Reason, say};
use crate::received;
use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Decides when a trace begins, by what the contract says of the operation it begins with.
///
/// A span with a parent follows the parent's decision, local or remote. Of traces that begin here,
/// the contract's `ratio` is kept, decided by the trace id as every OpenTelemetry SDK does, so that
/// services that ask for the same share keep the same traces. An operation with `keep` is sampled
/// whole: whether it fails or is slow is known at the end only, so thinning it is the Collector's
/// part, whose tail sampling sees the end. Spans the contract says nothing about are left to the
/// sampler of the environment.
///
/// A sampler sees names, not scopes: a span of another library that has the name of an operation is
/// sampled as that operation.
#[derive(Clone)]
pub struct ContractSampler {
    /// By operation, of those whose share the contract gives.
    operations: Arc<HashMap<&'static str, Sampler>>,
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
        let sampler = |(name, share)| (name, sampler(share));
        Self {
            operations: Arc::new(shares.into_iter().map(sampler).collect()),
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
        let sampled = parent.and_then(received::decision);
        let own = || self.operations.get(name);
        let sampler = match sampled {
            // Most spans have a parent, and then nothing is looked up.
            Some(sampled) if self.others.parent || own().is_some() => {
                say(Reason::Parent);
                if sampled {
                    &Sampler::AlwaysOn
                } else {
                    &Sampler::AlwaysOff
                }
            }
            _ => own().unwrap_or(&self.others.sampler),
        };
        match (sampled, sampler) {
            (None, Sampler::AlwaysOn) => say(Reason::Always(true)),
            (None, Sampler::AlwaysOff) => say(Reason::Always(false)),
            _ => {}
        }
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
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
    sampler: Sampler,
}

impl Fallback {
    /// This share of traces that begin here; with a parent, as the parent.
    pub(crate) fn parent(share: f64) -> Self {
        Self {
            parent: true,
            sampler: sampler(share),
        }
    }

    /// This share, whatever the parent says.
    pub(crate) fn root(share: f64) -> Self {
        Self {
            parent: false,
            sampler: sampler(share),
        }
    }
}

fn sampler(share: f64) -> Sampler {
    if share >= 1.0 {
        Sampler::AlwaysOn
    } else if share <= 0.0 {
        Sampler::AlwaysOff
    } else {
        Sampler::TraceIdRatioBased(share)
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
