//! Recorded telemetry of any origin, in the form that the checks use.

use crate::description::Contract;
use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{InstrumentationScope, Key, SpanId, TraceId};

/// Keys and values in the order of recording. A key that was recorded twice is listed twice.
pub type Attributes = Vec<(Key, AnyValue)>;

/// Spans, metric points and log records of any origin.
///
/// [`TestScope::recorded`](super::TestScope::recorded) returns the telemetry of a scope. Exported telemetry of other processes
/// can be checked too: fill the fields from decoded OTLP, or use [`from_spans`](Self::from_spans) and
/// [`add_metrics`](Self::add_metrics). If points are cumulative, add only the last export: the points of several exports
/// would be counted more than once.
///
/// ```
/// # otel_contract::contract!("doc/billing.yaml");
/// use opentelemetry::InstrumentationScope;
/// use otel_contract::testing::{Check, Recording, Span};
///
/// # fn main() {
/// let scope = InstrumentationScope::builder("billing").with_version("1.2.0").build();
/// let mut recording = Recording::default();
/// recording.spans.push(Span {
///     scope,
///     name: "invoice.create".to_owned(),
///     attributes: vec![("order.id".into(), "ord_1".into())],
///     ..Span::default()
/// });
/// let violations = Check::of(&billing::CONTRACT).violations(&recording);
/// assert_eq!(violations[0].message, "`invoice.id` is required on success but not recorded");
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Ended spans, in the order of their end.
    pub spans: Vec<Span>,
    /// Metric points, one for each series.
    pub points: Vec<Point>,
    /// Log records.
    pub records: Vec<Record>,
    /// Resource of each process. Bounds apply to each process. Without a resource, resources are not checked, and the
    /// recording counts as one process.
    pub resources: Vec<Attributes>,
    /// Names of the spans that have started but not ended.
    pub running: Vec<String>,
    /// Attributes that a handle set after the operation had ended. Only test scopes in debug builds record them.
    pub lost: Vec<LostAttribute>,
    /// Operations that started outside of all test scopes of this process while the scope existed. Their tasks or threads
    /// may have lost the scope, so messages of failed assertions name them. Empty for telemetry of other origins.
    pub outside: Vec<OutsideStarts>,
}

/// An attribute that a handle set after the operation had ended, so that its value was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostAttribute {
    /// Name of the contract.
    pub contract: String,
    /// Name of the operation.
    pub operation: String,
    /// Key of the attribute.
    pub key: String,
}

/// The starts of one operation outside of all test scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideStarts {
    /// Name of the contract.
    pub contract: String,
    /// Name of the operation.
    pub operation: String,
    /// Number of starts.
    pub count: usize,
}

/// An ended span.
#[derive(Clone, Debug)]
pub struct Span {
    /// Instrumentation scope.
    pub scope: InstrumentationScope,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: SpanKind,
    /// Trace identifier.
    pub trace_id: TraceId,
    /// Span identifier.
    pub span_id: SpanId,
    /// Identifier of the parent span; [`SpanId::INVALID`] for a root.
    pub parent_span_id: SpanId,
    /// Attributes.
    pub attributes: Attributes,
    /// Status.
    pub status: Status,
    /// Links to other spans.
    pub links: Vec<Link>,
    /// Span events.
    pub events: Vec<SpanEvent>,
}

impl Default for Span {
    fn default() -> Self {
        Self {
            scope: InstrumentationScope::default(),
            name: String::new(),
            kind: SpanKind::Internal,
            trace_id: TraceId::INVALID,
            span_id: SpanId::INVALID,
            parent_span_id: SpanId::INVALID,
            attributes: Vec::new(),
            status: Status::Unset,
            links: Vec::new(),
            events: Vec::new(),
        }
    }
}

/// A link to another span.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Trace identifier of the linked span.
    pub trace_id: TraceId,
    /// Identifier of the linked span.
    pub span_id: SpanId,
    /// Attributes of the link.
    pub attributes: Attributes,
}

/// An event on a span.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanEvent {
    /// Name.
    pub name: String,
    /// Attributes.
    pub attributes: Attributes,
}

/// State of one metric series when metrics were collected.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Instrumentation scope.
    pub scope: InstrumentationScope,
    /// Name of the instrument.
    pub metric: String,
    /// Unit of the instrument.
    pub unit: String,
    /// Kind of the instrument, derived from the metric data.
    pub instrument: Instrument,
    /// Type of the values; `None` if the data does not contain the type, as for a histogram in OTLP.
    pub number: Option<Number>,
    /// Dimensions.
    pub attributes: Attributes,
    /// Sum of a counter or a histogram, or last value of a gauge.
    pub value: f64,
    /// Number of measurements in a histogram; `None` for other instruments.
    pub count: Option<u64>,
}

/// Kind of an instrument, derived from metric data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A monotonic sum.
    Counter,
    /// A sum that is not monotonic.
    UpDownCounter,
    /// A distribution.
    Histogram,
    /// A last value.
    Gauge,
}

impl Instrument {
    /// Returns the spelling of contract files.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::UpDownCounter => "updowncounter",
            Self::Histogram => "histogram",
            Self::Gauge => "gauge",
        }
    }
}

/// Type of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// 64-bit integers.
    Int,
    /// 64-bit floating point numbers.
    Double,
}

impl Number {
    /// Returns the spelling of contract files.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Double => "double",
        }
    }
}

/// A log record.
#[derive(Clone, Debug)]
pub struct Record {
    /// Instrumentation scope.
    pub scope: InstrumentationScope,
    /// Name of a typed event; `None` for other log records.
    pub event_name: Option<String>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Body.
    pub body: Option<AnyValue>,
    /// Attributes.
    pub attributes: Attributes,
    /// Trace of the current span at the time of recording; [`TraceId::INVALID`] without a span.
    pub trace_id: TraceId,
    /// Current span at the time of recording; [`SpanId::INVALID`] without a span.
    pub span_id: SpanId,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            scope: InstrumentationScope::default(),
            event_name: None,
            severity: None,
            body: None,
            attributes: Vec::new(),
            trace_id: TraceId::INVALID,
            span_id: SpanId::INVALID,
        }
    }
}

impl Recording {
    /// Adds another recording, such as the telemetry of another process of the same trace.
    pub fn extend(&mut self, other: Self) {
        self.spans.extend(other.spans);
        self.points.extend(other.points);
        self.records.extend(other.records);
        self.resources.extend(other.resources);
        self.running.extend(other.running);
        self.lost.extend(other.lost);
        self.outside.extend(other.outside);
    }

    /// Returns the operations of a contract that started outside of all test scopes.
    pub(super) fn outside_of(&self, contract: &Contract) -> Vec<&OutsideStarts> {
        let outside = self.outside.iter();
        outside
            .filter(|starts| starts.contract == contract.name)
            .collect()
    }

    /// Returns the number of processes that recorded this telemetry.
    pub(super) fn processes(&self) -> usize {
        self.resources.len().max(1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.points.is_empty() && self.records.is_empty()
    }

    /// Returns the span with these identifiers.
    pub(super) fn span(&self, trace: TraceId, span: SpanId) -> Option<&Span> {
        self.spans
            .iter()
            .find(|candidate| candidate.trace_id == trace && candidate.span_id == span)
    }
}

impl Span {
    /// Returns the last value of this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&AnyValue> {
        find(&self.attributes, key)
    }

    pub(super) fn is_linked_to(&self, trace: TraceId, span: SpanId) -> bool {
        let mut links = self.links.iter();
        links.any(|link| link.trace_id == trace && link.span_id == span)
    }
}

/// Returns the last value of this key.
pub(super) fn find<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a AnyValue> {
    let mut pairs = attributes.iter().rev();
    pairs
        .find(|pair| pair.0.as_str() == key)
        .map(|pair| &pair.1)
}

/// Returns the last value of this key if it is a string.
pub(super) fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    match find(attributes, key)? {
        AnyValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}
