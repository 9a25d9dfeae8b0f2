//! Conversion of OTLP to a recording of the testing kit, which checks the telemetry of other processes.

use checkout_telemetry::checkout::testing::{
    Attributes, Instrument, Link, Number, Point, Record, Recording, Span, SpanEvent,
};
use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{InstrumentationScope, SpanId, TraceId};
use opentelemetry_proto::tonic::common::v1 as common;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{HistogramDataPoint, Metric, NumberDataPoint};
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, number_data_point};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1 as trace;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind as Kind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use test_receiver::Received;

/// Converts the received telemetry. Metrics are taken from the last export of each process.
pub fn recording(received: &Received) -> Recording {
    let mut recording = Recording::default();
    let exports = received.traces.iter();
    for export in exports.flat_map(|request| &request.resource_spans) {
        add_resource(&mut recording, export.resource.as_ref());
        for of_scope in &export.scope_spans {
            let scope = scope(of_scope.scope.as_ref(), &of_scope.schema_url);
            let spans = of_scope.spans.iter().map(|sent| span(&scope, sent));
            recording.spans.extend(spans);
        }
    }
    let exports: Vec<&ResourceMetrics> = received
        .metrics
        .iter()
        .flat_map(|request| &request.resource_metrics)
        .collect();
    for (index, export) in exports.iter().enumerate() {
        add_resource(&mut recording, export.resource.as_ref());
        if exports[index + 1..]
            .iter()
            .any(|later| later.resource == export.resource)
        {
            continue;
        }
        for of_scope in &export.scope_metrics {
            let scope = scope(of_scope.scope.as_ref(), &of_scope.schema_url);
            let metrics = of_scope.metrics.iter();
            let points = metrics.flat_map(|metric| points(&scope, metric));
            recording.points.extend(points);
        }
    }
    let exports = received.logs.iter();
    for export in exports.flat_map(|request| &request.resource_logs) {
        add_resource(&mut recording, export.resource.as_ref());
        for of_scope in &export.scope_logs {
            let scope = scope(of_scope.scope.as_ref(), &of_scope.schema_url);
            let records = of_scope.log_records.iter().map(|sent| record(&scope, sent));
            recording.records.extend(records);
        }
    }
    recording
}

/// Adds the resource of an export, once for each process. A process has the same resource on all signals.
fn add_resource(recording: &mut Recording, resource: Option<&Resource>) {
    let mut attributes = resource.map_or_else(Vec::new, |sent| attributes(&sent.attributes));
    attributes.sort_by(|left, right| left.0.cmp(&right.0));
    if !recording.resources.contains(&attributes) {
        recording.resources.push(attributes);
    }
}

fn scope(scope: Option<&common::InstrumentationScope>, schema_url: &str) -> InstrumentationScope {
    let scope = scope.cloned().unwrap_or_default();
    let mut builder = InstrumentationScope::builder(scope.name);
    if !scope.version.is_empty() {
        builder = builder.with_version(scope.version);
    }
    if !schema_url.is_empty() {
        builder = builder.with_schema_url(schema_url.to_owned());
    }
    builder.build()
}

fn span(scope: &InstrumentationScope, span: &trace::Span) -> Span {
    let links = span.links.iter().map(|link| Link {
        trace_id: trace_id(&link.trace_id),
        span_id: span_id(&link.span_id),
        attributes: attributes(&link.attributes),
    });
    let events = span.events.iter().map(|event| SpanEvent {
        name: event.name.clone(),
        attributes: attributes(&event.attributes),
    });
    let status = span.status.clone().unwrap_or_default();
    Span {
        scope: scope.clone(),
        name: span.name.clone(),
        kind: match span.kind() {
            Kind::Server => SpanKind::Server,
            Kind::Client => SpanKind::Client,
            Kind::Producer => SpanKind::Producer,
            Kind::Consumer => SpanKind::Consumer,
            Kind::Internal | Kind::Unspecified => SpanKind::Internal,
        },
        trace_id: trace_id(&span.trace_id),
        span_id: span_id(&span.span_id),
        parent_span_id: span_id(&span.parent_span_id),
        attributes: attributes(&span.attributes),
        status: match status.code() {
            StatusCode::Unset => Status::Unset,
            StatusCode::Ok => Status::Ok,
            StatusCode::Error => Status::error(status.message),
        },
        links: links.collect(),
        events: events.collect(),
    }
}

fn points(scope: &InstrumentationScope, metric: &Metric) -> Vec<Point> {
    let number = |instrument, point: &NumberDataPoint| {
        let (number, value) = match point.value {
            // Integers beyond 2^53 are rounded; the tests have no such values.
            #[allow(clippy::cast_precision_loss)]
            Some(number_data_point::Value::AsInt(value)) => (Some(Number::Int), value as f64),
            Some(number_data_point::Value::AsDouble(value)) => (Some(Number::Double), value),
            None => (None, 0.0),
        };
        self::point(
            scope,
            metric,
            instrument,
            &point.attributes,
            number,
            value,
            None,
        )
    };
    let distribution = |point: &HistogramDataPoint| {
        let (sum, count) = (point.sum.unwrap_or_default(), Some(point.count));
        let attributes = &point.attributes;
        self::point(
            scope,
            metric,
            Instrument::Histogram,
            attributes,
            None,
            sum,
            count,
        )
    };
    match &metric.data {
        Some(Data::Gauge(gauge)) => {
            let points = gauge.data_points.iter();
            points
                .map(|point| number(Instrument::Gauge, point))
                .collect()
        }
        Some(Data::Sum(sum)) => {
            let instrument = if sum.is_monotonic {
                Instrument::Counter
            } else {
                Instrument::UpDownCounter
            };
            let points = sum.data_points.iter();
            points.map(|point| number(instrument, point)).collect()
        }
        Some(Data::Histogram(histogram)) => {
            histogram.data_points.iter().map(distribution).collect()
        }
        other => panic!("the example has no instrument with the data {other:?}"),
    }
}

fn point(
    scope: &InstrumentationScope,
    metric: &Metric,
    instrument: Instrument,
    dimensions: &[common::KeyValue],
    number: Option<Number>,
    value: f64,
    count: Option<u64>,
) -> Point {
    Point {
        scope: scope.clone(),
        metric: metric.name.clone(),
        unit: metric.unit.clone(),
        instrument,
        number,
        attributes: attributes(dimensions),
        value,
        count,
    }
}

fn record(scope: &InstrumentationScope, record: &LogRecord) -> Record {
    let event = (!record.event_name.is_empty()).then(|| record.event_name.clone());
    Record {
        scope: scope.clone(),
        event_name: event,
        severity: match record.severity_number {
            9 => Some(Severity::Info),
            13 => Some(Severity::Warn),
            17 => Some(Severity::Error),
            other => panic!("the example has no event with severity {other}"),
        },
        body: record.body.as_ref().map(any_value),
        attributes: attributes(&record.attributes),
        trace_id: trace_id(&record.trace_id),
        span_id: span_id(&record.span_id),
    }
}

fn attributes(attributes: &[common::KeyValue]) -> Attributes {
    let pair = |attribute: &common::KeyValue| {
        let value = attribute.value.as_ref().expect("an attribute has a value");
        (attribute.key.clone().into(), any_value(value))
    };
    attributes.iter().map(pair).collect()
}

fn any_value(value: &common::AnyValue) -> AnyValue {
    match value.value.as_ref().expect("a value has a type") {
        Value::StringValue(text) => AnyValue::String(text.clone().into()),
        Value::BoolValue(value) => AnyValue::Boolean(*value),
        Value::IntValue(value) => AnyValue::Int(*value),
        Value::DoubleValue(value) => AnyValue::Double(*value),
        Value::ArrayValue(list) => {
            AnyValue::ListAny(Box::new(list.values.iter().map(any_value).collect()))
        }
        other => panic!("the contract has no attribute type for {other:?}"),
    }
}

/// Converts an identifier. Missing bytes mean that there is no identifier.
fn trace_id(bytes: &[u8]) -> TraceId {
    bytes
        .try_into()
        .map_or(TraceId::INVALID, TraceId::from_bytes)
}

fn span_id(bytes: &[u8]) -> SpanId {
    bytes.try_into().map_or(SpanId::INVALID, SpanId::from_bytes)
}
