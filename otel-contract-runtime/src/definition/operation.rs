//! Definitions of operations.

use super::{ContractDefinition, MetricDefinition, Values};
use opentelemetry::trace::SpanKind;

/// Definition of an operation.
#[derive(Debug)]
pub struct OperationDefinition {
    /// Span name.
    pub name: &'static str,
    /// Span kind.
    pub kind: SpanKind,
    /// Contract of the operation.
    pub contract: &'static ContractDefinition,
    /// Index of the operation in the contract.
    pub index: usize,
    /// Attributes of the operation.
    pub attributes: &'static [OperationAttribute],
    /// Error classes of the operation; `None`: all classes of the contract.
    pub errors: Option<&'static [&'static str]>,
    /// The metric `<operation>.duration`. Its last dimension is `error.type`, with the error classes, `panic`,
    /// `cancelled` and `_OTHER` as values.
    pub duration: Option<MetricDefinition>,
    /// The metric `<operation>.active`.
    pub active: Option<MetricDefinition>,
    /// Sampling of its spans; `None`: configured by the environment.
    pub sampling: Option<Sampling>,
    /// Routes whose requests are this operation, for the server layers.
    pub routes: &'static [Route],
}

/// A route of HTTP or gRPC requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Method of the requests; `None`: every method.
    pub method: Option<&'static str>,
    /// Template of the path, such as `/orders/{id}`; `_OTHER`: requests that match no other route of the contract.
    pub path: &'static str,
}

/// Sampling of the spans of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Share of traces that are kept, 0 to 1.
    pub ratio: f64,
    /// Whether every failed operation is kept.
    pub keep_errors: bool,
    /// Duration in seconds; every operation that takes longer is kept.
    pub keep_slower_than: Option<f64>,
}

impl Sampling {
    /// Returns the ratio of the head sampler. It is 1 if failed or slow operations are kept: the head sampler cannot know
    /// them in advance and would discard them. The ratio is then for tail sampling in a Collector.
    #[must_use]
    pub fn head_ratio(self) -> f64 {
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
    /// OpenTelemetry key.
    pub key: &'static str,
    /// Allowed values.
    pub values: Values,
    /// Index of the attribute in the contract.
    pub attribute: usize,
    /// Index among the dimensions of the operation's duration, if the attribute is a dimension.
    pub dimension: Option<usize>,
    /// Whether the attribute is relevant for sampling. The sampler then sees its value before the start, and the value
    /// cannot change later.
    pub sampling_relevant: bool,
    /// Whether values are recorded only in a protected form, or by the typed setters alone.
    pub protected: bool,
}
