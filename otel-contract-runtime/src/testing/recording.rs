//! What was recorded, whoever recorded it: the form in which everything is checked.

use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{InstrumentationScope, Key, SpanId, TraceId};

/// Keys and values in the order they were recorded; a key that was recorded twice is there twice.
pub type Attributes = Vec<(Key, AnyValue)>;

/// Spans, points and log records of any origin.
///
/// A [`Scope`](super::Scope) gives its own with [`recorded`](super::Scope::recorded). What was
/// exported elsewhere can be held to a contract as well: fill the fields from decoded OTLP, or use
/// [`from_spans`](Self::from_spans) and [`add_metrics`](Self::add_metrics). Of cumulative points put
/// in the last export only, or they are counted twice.
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
/// assert_eq!(violations[0].message, "`invoice.id` is required on success, and is not recorded");
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Spans that ended, in that order.
    pub spans: Vec<Span>,
    /// Points of metrics, one for each series.
    pub points: Vec<Point>,
    /// Log records.
    pub records: Vec<Record>,
    /// The resource of each process, which has limits of its own. Where there is none, resources are
    /// not checked, and there is one process.
    pub resources: Vec<Attributes>,
    /// Names of spans that started and have not ended.
    pub running: Vec<String>,
}

/// A span that ended.
#[derive(Clone, Debug)]
pub struct Span {
    /// Who recorded it.
    pub scope: InstrumentationScope,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SpanKind,
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own identifier.
    pub span_id: SpanId,
    /// That of its parent; [`SpanId::INVALID`] for a root.
    pub parent_span_id: SpanId,
    /// Its attributes.
    pub attributes: Attributes,
    /// Its status.
    pub status: Status,
    /// The spans it points at.
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

/// A span another one points at.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its trace.
    pub trace_id: TraceId,
    /// Its identifier.
    pub span_id: SpanId,
    /// What the link says of itself.
    pub attributes: Attributes,
}

/// An event on a span.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanEvent {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: Attributes,
}

/// One series of a metric, as it stood when metrics were collected.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Who recorded it.
    pub scope: InstrumentationScope,
    /// Name of the instrument.
    pub metric: String,
    /// Unit of the instrument.
    pub unit: String,
    /// What kind of instrument it was, as far as the data tells.
    pub instrument: Instrument,
    /// Type of its values; `None` where that is not known, as of a histogram in OTLP.
    pub number: Option<Number>,
    /// The dimensions.
    pub attributes: Attributes,
    /// The sum of a counter or a histogram, the last value of a gauge.
    pub value: f64,
    /// How many measurements a histogram holds; `None` for other instruments.
    pub count: Option<u64>,
}

/// Kind of instrument, as metric data tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// A monotonic sum.
    Counter,
    /// Another sum.
    UpDownCounter,
    /// A distribution.
    Histogram,
    /// A last value.
    Gauge,
}

impl Instrument {
    /// As the contract writes it.
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
    /// As the contract writes it.
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
    /// Who recorded it.
    pub scope: InstrumentationScope,
    /// The name of a typed event; `None` for a line of a log.
    pub event_name: Option<String>,
    /// How severe it is.
    pub severity: Option<Severity>,
    /// Its text.
    pub body: Option<AnyValue>,
    /// Its attributes.
    pub attributes: Attributes,
    /// The trace it was recorded in; [`TraceId::INVALID`] for none.
    pub trace_id: TraceId,
    /// The span it was recorded in; [`SpanId::INVALID`] for none.
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
    /// Adds what was recorded elsewhere, such as in another process of the same trace.
    pub fn extend(&mut self, other: Self) {
        self.spans.extend(other.spans);
        self.points.extend(other.points);
        self.records.extend(other.records);
        self.resources.extend(other.resources);
        self.running.extend(other.running);
    }

    /// How many processes recorded this.
    pub(super) fn processes(&self) -> usize {
        self.resources.len().max(1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.points.is_empty() && self.records.is_empty()
    }

    /// The span with these identifiers.
    pub(super) fn span(&self, trace: TraceId, span: SpanId) -> Option<&Span> {
        self.spans
            .iter()
            .find(|one| one.trace_id == trace && one.span_id == span)
    }
}

impl Span {
    /// The last value recorded under this key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&AnyValue> {
        find(&self.attributes, key)
    }

    pub(super) fn is_linked_to(&self, trace: TraceId, span: SpanId) -> bool {
        let mut links = self.links.iter();
        links.any(|link| link.trace_id == trace && link.span_id == span)
    }
}

/// The value under this key; the last one, where there are several.
pub(super) fn find<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a AnyValue> {
    let mut pairs = attributes.iter().rev();
    pairs
        .find(|pair| pair.0.as_str() == key)
        .map(|pair| &pair.1)
}

/// The text under this key.
pub(super) fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    match find(attributes, key)? {
        AnyValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}
