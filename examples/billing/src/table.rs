//! An exporter that keeps the last collection of metrics, and prints it as a table at shutdown.

use crate::points::{self, Point, Reading};
use acme_telemetry::billing;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Prints the metrics of the contract.
#[derive(Debug, Default)]
pub struct TableExporter {
    last: Mutex<Vec<Point>>,
}

impl PushMetricExporter for TableExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = points::of(metrics);
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        print!("{}\n{}", metrics(&last), failures(&last));
        Ok(())
    }

    /// Cumulative, so that the last collection contains all measurements since the start.
    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

/// Formats each metric in the order of the contract, with its series and their bound.
fn metrics(points: &[Point]) -> String {
    let operations = billing::CONTRACT.operations.iter();
    let of_operations = operations
        .flat_map(|operation| operation.metrics)
        .map(|metric| (metric.name, metric.series));
    let declared = billing::CONTRACT
        .metrics
        .iter()
        .map(|metric| (metric.name, metric.series));
    let mut rows = Vec::new();
    for (name, bound) in of_operations.chain(declared) {
        let mut series: Vec<&Point> = points.iter().filter(|point| point.metric == name).collect();
        series.sort_by_key(|point| dimensions(point));
        if let Some(first) = series.first() {
            let title = format!("{name} ({})", first.unit);
            rows.push([title, format!("{} of {bound} series", series.len())]);
        }
        let rows_of_series = series
            .iter()
            .map(|point| [format!("   {}", dimensions(point)), value(&point.reading)]);
        rows.extend(rows_of_series);
    }
    aligned(&rows)
}

/// Formats the number of failures by operation and error class, which the duration metrics contain.
fn failures(points: &[Point]) -> String {
    let mut failures: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for point in points {
        let operation = point.metric.strip_suffix(".duration");
        let reason = point.attributes.iter().find(|(key, _)| key == "error.type");
        if let (Some(operation), Some((_, reason)), Reading::Histogram { count, .. }) =
            (operation, reason, &point.reading)
        {
            *failures.entry((operation, reason)).or_default() += count;
        }
    }
    let mut rows = vec![["failures".to_owned(), "by reason".to_owned()]];
    rows.extend(failures.iter().map(|((operation, reason), count)| {
        let failed = format!("   {operation}");
        [failed, format!("{reason}: {count}")]
    }));
    aligned(&rows)
}

fn dimensions(point: &Point) -> String {
    let pairs: Vec<String> = point
        .attributes
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    if pairs.is_empty() {
        return "(no dimension)".to_owned();
    }
    pairs.join(", ")
}

/// Formats a value. The median of a histogram is known only to the precision of its buckets.
fn value(reading: &Reading) -> String {
    let (count, sum, bounds, buckets) = match reading {
        Reading::Number(number) => return number.to_string(),
        Reading::Histogram {
            count,
            sum,
            bounds,
            buckets,
        } => (*count, sum, bounds, buckets),
    };
    let mut below = 0;
    let median_bucket = buckets.iter().position(|bucket| {
        below += bucket;
        below * 2 >= count
    });
    let median = match median_bucket.and_then(|bucket| bounds.get(bucket)) {
        Some(bound) => format!("p50 ≤ {bound}"),
        None => bounds
            .last()
            .map_or_else(String::new, |last| format!("p50 > {last}")),
    };
    let sum = sum.as_f64().unwrap_or_default();
    format!("count {count}, sum {sum:.3}, {median}")
}

/// Aligns the second column behind the longest text of the first column.
fn aligned(rows: &[[String; 2]]) -> String {
    let widths = rows.iter().map(|[first, _]| first.chars().count());
    let width = widths.max().unwrap_or_default();
    let mut text = String::new();
    for [first, second] in rows {
        let _ = writeln!(text, "{first:<width$}  {second}");
    }
    text
}
