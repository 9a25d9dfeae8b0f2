//! Data points of collected metrics, in a form that is simple to print.

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use serde_json::Value;

/// One data point: a series and its value.
#[derive(Debug)]
pub struct Point {
    pub metric: String,
    pub unit: String,
    pub attributes: Vec<(String, String)>,
    pub reading: Reading,
}

/// The value of a series.
#[derive(Debug)]
pub enum Reading {
    /// Value of a sum or a gauge.
    Number(Value),
    /// Values of a histogram. The last bucket is above all bounds.
    Histogram {
        count: u64,
        sum: Value,
        bounds: Vec<f64>,
        buckets: Vec<u64>,
    },
}

/// Returns every collected point.
pub fn of(collected: &ResourceMetrics) -> Vec<Point> {
    let mut points = Vec::new();
    let scopes = collected.scope_metrics();
    for metric in scopes.flat_map(ScopeMetrics::metrics) {
        let mut add = |attributes, reading| {
            points.push(Point {
                metric: metric.name().to_owned(),
                unit: metric.unit().to_owned(),
                attributes,
                reading,
            });
        };
        match metric.data() {
            AggregatedMetrics::F64(data) => add_points(data, &mut add),
            AggregatedMetrics::U64(data) => add_points(data, &mut add),
            AggregatedMetrics::I64(data) => add_points(data, &mut add),
        }
    }
    points
}

fn add_points<T: Copy + Into<Value>>(
    data: &MetricData<T>,
    add: &mut impl FnMut(Vec<(String, String)>, Reading),
) {
    match data {
        MetricData::Gauge(gauge) => gauge.data_points().for_each(|point| {
            let value = point.value().into();
            add(texts(point.attributes()), Reading::Number(value));
        }),
        MetricData::Sum(sum) => sum.data_points().for_each(|point| {
            let value = point.value().into();
            add(texts(point.attributes()), Reading::Number(value));
        }),
        MetricData::Histogram(histogram) => histogram.data_points().for_each(|point| {
            let reading = Reading::Histogram {
                count: point.count(),
                sum: point.sum().into(),
                bounds: point.bounds().collect(),
                buckets: point.bucket_counts().collect(),
            };
            add(texts(point.attributes()), reading);
        }),
        // The views of this example create no exponential histogram.
        MetricData::ExponentialHistogram(_) => {}
    }
}

fn texts<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> Vec<(String, String)> {
    attributes
        .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
        .collect()
}
