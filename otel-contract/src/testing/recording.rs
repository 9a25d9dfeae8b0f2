//! What was recorded, whoever recorded it: the form in which everything is checked.

use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry::trace::{SpanContext, SpanKind, Status};
use opentelemetry::{InstrumentationScope, Key, KeyValue, SpanId, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric as SdkMetric, MetricData, ResourceMetrics,
};
use opentelemetry_sdk::trace::SpanData;

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
    /// The spans the SDK's exporters were given.
    pub fn from_spans(spans: impl IntoIterator<Item = SpanData>) -> Self {
        Self {
            spans: spans.into_iter().map(Span::from).collect(),
            ..Self::default()
        }
    }

    /// Adds a collection of the SDK's metrics, and its resource.
    pub fn add_metrics(&mut self, metrics: &ResourceMetrics) {
        for scope in metrics.scope_metrics() {
            for metric in scope.metrics() {
                self.points.extend(points(scope.scope(), metric));
            }
        }
        // The SDK gives series in any order; a report should not differ from run to run.
        self.points
            .sort_by_cached_key(|one| (one.metric.clone(), format!("{:?}", one.attributes)));
        let resource = metrics.resource().iter();
        let resource: Attributes = resource
            .map(|(key, value)| (key.clone(), any(value.clone())))
            .collect();
        if !resource.is_empty() && !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
    }

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

impl Record {
    pub(super) fn from_sdk(record: &SdkLogRecord, scope: &InstrumentationScope) -> Self {
        let trace = record.trace_context();
        Self {
            scope: scope.clone(),
            event_name: record.event_name().map(str::to_owned),
            severity: record.severity_number(),
            body: record.body().cloned(),
            attributes: record.attributes_iter().cloned().collect(),
            trace_id: trace.map_or(TraceId::INVALID, |trace| trace.trace_id),
            span_id: trace.map_or(SpanId::INVALID, |trace| trace.span_id),
        }
    }
}

impl From<SpanData> for Span {
    fn from(span: SpanData) -> Self {
        let links = span.links.iter().map(|link| Link {
            trace_id: link.span_context.trace_id(),
            span_id: link.span_context.span_id(),
            attributes: attributes(link.attributes.iter()),
        });
        let events = span.events.iter().map(|event| SpanEvent {
            name: event.name.to_string(),
            attributes: attributes(event.attributes.iter()),
        });
        Self {
            links: links.collect(),
            events: events.collect(),
            scope: span.instrumentation_scope,
            name: span.name.into_owned(),
            kind: span.span_kind,
            trace_id: SpanContext::trace_id(&span.span_context),
            span_id: span.span_context.span_id(),
            parent_span_id: span.parent_span_id,
            attributes: attributes(span.attributes.iter()),
            status: span.status,
        }
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

pub(super) fn attributes<'a>(pairs: impl Iterator<Item = &'a KeyValue>) -> Attributes {
    pairs
        .map(|pair| (pair.key.clone(), any(pair.value.clone())))
        .collect()
}

/// A value of the API in the form that holds those of logs too.
pub(super) fn any(value: opentelemetry::Value) -> AnyValue {
    use opentelemetry::{Array, Value};
    fn list<T: Into<AnyValue>>(values: Vec<T>) -> AnyValue {
        AnyValue::ListAny(Box::new(values.into_iter().map(Into::into).collect()))
    }
    match value {
        Value::Bool(value) => AnyValue::Boolean(value),
        Value::I64(value) => AnyValue::Int(value),
        Value::F64(value) => AnyValue::Double(value),
        Value::String(value) => AnyValue::String(value),
        Value::Array(Array::Bool(values)) => list(values),
        Value::Array(Array::I64(values)) => list(values),
        Value::Array(Array::F64(values)) => list(values),
        Value::Array(Array::String(values)) => list(values),
        other => AnyValue::from(other.to_string()),
    }
}

fn points(scope: &InstrumentationScope, metric: &SdkMetric) -> Vec<Point> {
    match metric.data() {
        AggregatedMetrics::F64(data) => points_of(scope, metric, data, Number::Double, |v| v),
        // Beyond 2^53 a sum is rounded, here only.
        #[allow(clippy::cast_precision_loss)]
        AggregatedMetrics::U64(data) => points_of(scope, metric, data, Number::Int, |v| v as f64),
        #[allow(clippy::cast_precision_loss)]
        AggregatedMetrics::I64(data) => points_of(scope, metric, data, Number::Int, |v| v as f64),
    }
}

fn points_of<T: Copy>(
    scope: &InstrumentationScope,
    metric: &SdkMetric,
    data: &MetricData<T>,
    number: Number,
    convert: impl Fn(T) -> f64,
) -> Vec<Point> {
    let point = |instrument, attributes, value, count| Point {
        scope: scope.clone(),
        metric: metric.name().to_owned(),
        unit: metric.unit().to_owned(),
        instrument,
        number: Some(number),
        attributes,
        value: convert(value),
        count,
    };
    match data {
        MetricData::Gauge(gauge) => {
            let points = gauge.data_points();
            points
                .map(|one| {
                    point(
                        Instrument::Gauge,
                        attributes(one.attributes()),
                        one.value(),
                        None,
                    )
                })
                .collect()
        }
        MetricData::Sum(sum) => {
            let instrument = if sum.is_monotonic() {
                Instrument::Counter
            } else {
                Instrument::UpDownCounter
            };
            let points = sum.data_points();
            points
                .map(|one| point(instrument, attributes(one.attributes()), one.value(), None))
                .collect()
        }
        MetricData::Histogram(histogram) => {
            let points = histogram.data_points();
            points
                .map(|one| {
                    let (attributes, count) = (attributes(one.attributes()), one.count());
                    point(Instrument::Histogram, attributes, one.sum(), Some(count))
                })
                .collect()
        }
        MetricData::ExponentialHistogram(histogram) => {
            let points = histogram.data_points();
            points
                .map(|one| {
                    let (attributes, count) = (attributes(one.attributes()), one.count() as u64);
                    point(Instrument::Histogram, attributes, one.sum(), Some(count))
                })
                .collect()
        }
    }
}
