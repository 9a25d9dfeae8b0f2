//! Conversion of exported SDK data to a recording.

use super::recording::{
    Attributes, Instrument, Link, Number, Point, Record, Recording, Span, SpanEvent,
};
use opentelemetry::logs::AnyValue;
use opentelemetry::{InstrumentationScope, KeyValue, SpanId, TraceId};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric as SdkMetric, MetricData, ResourceMetrics,
};
use opentelemetry_sdk::trace::SpanData;

impl Recording {
    /// Creates a recording of spans that the SDK exported.
    pub fn from_spans(spans: impl IntoIterator<Item = SpanData>) -> Self {
        Self {
            spans: spans.into_iter().map(Span::from).collect(),
            ..Self::default()
        }
    }

    /// Adds the metrics and the resource of one collection of the SDK.
    pub fn add_metrics(&mut self, metrics: &ResourceMetrics) {
        for scope in metrics.scope_metrics() {
            for metric in scope.metrics() {
                self.points.extend(points(scope.scope(), metric));
            }
        }
        // Sorted, because the SDK collects series in any order and reports must not differ from run to run.
        self.points
            .sort_by_cached_key(|point| (point.metric.clone(), format!("{:?}", point.attributes)));
        let resource = metrics.resource().iter();
        let resource: Attributes = resource
            .map(|(key, value)| (key.clone(), any_value(value.clone())))
            .collect();
        if !resource.is_empty() && !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
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
            trace_id: span.span_context.trace_id(),
            span_id: span.span_context.span_id(),
            parent_span_id: span.parent_span_id,
            attributes: attributes(span.attributes.iter()),
            status: span.status,
        }
    }
}

pub(super) fn attributes<'a>(pairs: impl Iterator<Item = &'a KeyValue>) -> Attributes {
    pairs
        .map(|pair| (pair.key.clone(), any_value(pair.value.clone())))
        .collect()
}

/// Converts an attribute value to the value type of log records, which has more variants.
pub(super) fn any_value(value: opentelemetry::Value) -> AnyValue {
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
        // Sums beyond 2^53 are rounded in the recording only, not in exported data.
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
                .map(|data| {
                    point(
                        Instrument::Gauge,
                        attributes(data.attributes()),
                        data.value(),
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
                .map(|data| {
                    point(
                        instrument,
                        attributes(data.attributes()),
                        data.value(),
                        None,
                    )
                })
                .collect()
        }
        MetricData::Histogram(histogram) => {
            let points = histogram.data_points();
            points
                .map(|data| {
                    let (attributes, count) = (attributes(data.attributes()), data.count());
                    point(Instrument::Histogram, attributes, data.sum(), Some(count))
                })
                .collect()
        }
        MetricData::ExponentialHistogram(histogram) => {
            let points = histogram.data_points();
            points
                .map(|data| {
                    let (attributes, count) = (attributes(data.attributes()), data.count() as u64);
                    point(Instrument::Histogram, attributes, data.sum(), Some(count))
                })
                .collect()
        }
    }
}
