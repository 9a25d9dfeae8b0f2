//! The metrics of all services as a table, in the order of the contract.

use super::sink::{self, Received};
use checkout_telemetry::checkout;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    HistogramDataPoint, Metric, NumberDataPoint, number_data_point::Value,
};
use std::fmt::Write as _;

/// Formats each metric with its series and their bound.
pub(super) fn format(received: &Received) -> String {
    let mut text = String::new();
    let contract = &checkout::CONTRACT;
    let of_operations = contract
        .operations
        .iter()
        .flat_map(|operation| operation.metrics)
        .map(|metric| (metric.name, metric.unit, metric.series));
    let declared = contract
        .metrics
        .iter()
        .map(|metric| (metric.name, metric.unit, metric.series));
    for (name, unit, bound) in of_operations.chain(declared) {
        let metrics = received.metrics().filter(|(_, metric)| metric.name == name);
        let mut series: Vec<[String; 2]> = metrics
            .flat_map(|(service, metric)| {
                let points = points(metric).into_iter();
                points.map(move |[dimensions, value]| [format!("{service} {dimensions}"), value])
            })
            .collect();
        series.sort();
        if !series.is_empty() {
            let (title, count) = (format!("{name} ({unit})"), series.len());
            let _ = writeln!(text, "{title:<78} {count} of {bound} series");
        }
        for [dimensions, value] in series {
            let _ = writeln!(text, "   {dimensions:<75} {value}");
        }
    }
    text
}

fn points(metric: &Metric) -> Vec<[String; 2]> {
    match &metric.data {
        Some(Data::Gauge(gauge)) => gauge.data_points.iter().map(number).collect(),
        Some(Data::Sum(sum)) => sum.data_points.iter().map(number).collect(),
        Some(Data::Histogram(histogram)) => {
            histogram.data_points.iter().map(distribution).collect()
        }
        // The contract has no other instruments.
        _ => Vec::new(),
    }
}

fn number(point: &NumberDataPoint) -> [String; 2] {
    let value = match point.value {
        Some(Value::AsInt(value)) => value.to_string(),
        Some(Value::AsDouble(value)) => format!("{value:.3}"),
        None => "none".to_owned(),
    };
    [sink::format_attributes(&point.attributes).join(" "), value]
}

/// Formats a histogram. Its median is known only to the precision of the buckets.
fn distribution(point: &HistogramDataPoint) -> [String; 2] {
    let mut below = 0;
    let median_bucket = point.bucket_counts.iter().position(|bucket| {
        below += bucket;
        below * 2 >= point.count
    });
    let median_bound = median_bucket.and_then(|bucket| point.explicit_bounds.get(bucket));
    let median = median_bound.map_or_else(
        || "above all bounds".to_owned(),
        |bound| format!("≤ {bound}"),
    );
    let (count, sum) = (point.count, point.sum.unwrap_or_default());
    let value = format!("count {count}, sum {sum:.3}, p50 {median}");
    [sink::format_attributes(&point.attributes).join(" "), value]
}
