//! Operations, metrics and events.

use super::{
    AttributeId, AttributeUse, ErrorId, EventId, GroupId, LifeCycle, Location, RequirementLevel,
    Route, RustName,
};

/// The kind of an operation's span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpanKind {
    /// Within the process.
    #[default]
    Internal,
    /// Answers a request.
    Server,
    /// Makes a request.
    Client,
    /// Sends a message.
    Producer,
    /// Handles a message.
    Consumer,
}

/// A business operation that engineers talk about in incidents.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The span name.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The purpose of the operation, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// The span kind.
    pub kind: SpanKind,
    /// The routes whose requests are the operation, in the order written.
    pub routes: Vec<Route>,
    /// The groups of attributes that the operation uses, in the order written.
    pub groups: Vec<GroupId>,
    /// The operation's own attributes. [`Contract::uses`](super::Contract::uses) adds the attributes of its groups.
    pub attributes: Vec<AttributeUse>,
    /// The error classes of the operation; `None` for all classes of the contract.
    pub errors: Option<Vec<ErrorId>>,
    /// The events that the operation emits.
    pub events: Vec<EventId>,
    /// The metrics of the operation; `None` if switched off.
    pub metrics: Option<OperationMetrics>,
    /// The sampling of the spans; `None` for the sampler of `OTEL_TRACES_SAMPLER`.
    pub sampling: Option<Sampling>,
    /// Stability, deprecation, owners, expiry and allowances.
    pub life_cycle: LifeCycle,
}

/// The metrics that an operation records automatically.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationMetrics {
    /// The dimensions of `<operation>.duration` in addition to `error.type`.
    pub dimensions: Vec<AttributeId>,
    /// Whether `<operation>.active` is recorded.
    pub active: bool,
    /// The boundaries of the duration histogram in seconds, increasing; empty for the default.
    pub buckets: Vec<f64>,
}

/// The sampling of an operation's spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// The share of traces that are kept, from 0 to 1.
    pub ratio: f64,
    /// Whether all failed operations are kept.
    pub keep_errors: bool,
    /// The duration in seconds above which all operations are kept.
    pub keep_slower_than: Option<f64>,
}

/// The instrument of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A sum that only increases.
    Counter,
    /// A sum that increases and decreases.
    UpDownCounter,
    /// A distribution.
    Histogram,
    /// The last value.
    Gauge,
}

/// A declared metric. Operations record further metrics automatically.
#[derive(Clone, Debug)]
pub struct Metric {
    /// The name of the metric.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The instrument.
    pub instrument: Instrument,
    /// The UCUM unit.
    pub unit: String,
    /// The measured quantity, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// Whether the value comes from a callback.
    pub observable: bool,
    /// Whether values are integers (default) or doubles.
    pub value_type: MetricValue,
    /// The histogram boundaries in the unit, increasing; empty for the default.
    pub buckets: Vec<f64>,
    /// The dimensions.
    pub attributes: Vec<AttributeUse>,
    /// The requirement level of `error.type`, if it is a dimension.
    pub error_type: Option<RequirementLevel>,
    /// Stability, deprecation, owners, expiry and allowances.
    pub life_cycle: LifeCycle,
}

/// The type of a metric's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricValue {
    /// 64-bit integers.
    #[default]
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// The severity of a log record (OpenTelemetry: `SeverityNumber`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Fine-grained debugging.
    Trace,
    /// Debugging.
    Debug,
    /// Something happened.
    Info,
    /// Something may be wrong.
    Warn,
    /// Something is wrong.
    Error,
    /// The process cannot go on.
    Fatal,
}

/// A typed log record, correlated with the active span.
#[derive(Clone, Debug)]
pub struct Event {
    /// The event name.
    pub name: String,
    /// The location of the name.
    pub at: Location,
    /// The Rust names.
    pub rust: RustName,
    /// The description of the event, in one sentence.
    pub brief: String,
    /// Details beyond the brief.
    pub note: Option<String>,
    /// The severity of the log record.
    pub severity: Severity,
    /// The attributes.
    pub attributes: Vec<AttributeUse>,
    /// The requirement level of `error.type`, if it is an attribute.
    pub error_type: Option<RequirementLevel>,
    /// Stability, deprecation, owners, expiry and allowances.
    pub life_cycle: LifeCycle,
}
