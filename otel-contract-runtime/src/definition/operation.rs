//! Definitions of operations.

use super::{ContractDefinition, MetricDefinition, Route, Sampling, Values};
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
