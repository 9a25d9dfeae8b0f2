//! What the runtime knows of an operation.

use super::{ContractDefinition, MetricDefinition, Values};
use opentelemetry::trace::SpanKind;

/// One operation.
#[derive(Debug)]
pub struct OperationDefinition {
    /// Span name.
    pub name: &'static str,
    /// Span kind.
    pub kind: SpanKind,
    /// The contract it belongs to.
    pub contract: &'static ContractDefinition,
    /// Its place in the contract.
    pub index: usize,
    /// The attributes it takes.
    pub attributes: &'static [OperationAttribute],
    /// The classes it may fail with; `None`: any of the contract.
    pub errors: Option<&'static [&'static str]>,
    /// `<operation>.duration`; its last dimension is `error.type`, whose values are the classes, and
    /// `panic`, `cancelled` and `_OTHER`.
    pub duration: Option<MetricDefinition>,
    /// `<operation>.active`.
    pub active: Option<MetricDefinition>,
    /// How its spans are sampled; `None`: as the environment says.
    pub sampling: Option<Sampling>,
}

/// How an operation's spans are sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Share of traces kept, 0 to 1.
    pub ratio: f64,
    /// Keep every failed one.
    pub keep_errors: bool,
    /// Keep every one slower than this, in seconds.
    pub keep_slower_than: Option<f64>,
}

impl Sampling {
    /// What the head sampler keeps. Where failed or slow ones are to be kept that is everything: it
    /// cannot know, and would discard them; the ratio is then the Collector's.
    #[must_use]
    pub fn at_the_head(self) -> f64 {
        if self.keep_errors || self.keep_slower_than.is_some() {
            1.0
        } else {
            self.ratio
        }
    }
}

/// An attribute of an operation.
#[derive(Clone, Copy, Debug)]
pub struct OperationAttribute {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// The values it takes.
    pub values: Values,
    /// Its place among the attributes of the contract.
    pub attribute: usize,
    /// Which dimension of the operation's duration it is, if it is one.
    pub dimension: Option<usize>,
    /// Whether the sampler sees it, so that it cannot change later.
    pub sampled: bool,
}
