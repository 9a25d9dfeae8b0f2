//! Printed texts of values.

use super::Attributes;
use super::installation::Series;
use crate::model::{Instrument, Metric, Model};

/// Default boundaries of the SDK.
const SDK: [f64; 15] = [
    0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0,
    10000.0,
];
/// Default boundaries of histograms in seconds.
const SECONDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

pub(super) fn text(value: &str) -> String {
    format!("string {value}")
}

pub(super) fn braces(attributes: &Attributes) -> String {
    let pairs: Vec<String> = attributes
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

pub(super) fn sum(metric: &Metric, quarters: i64) -> String {
    let monotonic = match metric.instrument {
        Instrument::Counter => " monotonic",
        _ => "",
    };
    format!("sum {}{monotonic}", number_of(metric, quarters))
}

/// Text of a number of quarters in the number type of a metric.
pub(super) fn number_of(metric: &Metric, quarters: i64) -> String {
    match (metric.double, metric.instrument) {
        (true, _) => format!("f64 {:?}", double(quarters)),
        (false, Instrument::Counter | Instrument::Histogram) => format!("u64 {}", quarters / 4),
        (false, Instrument::UpDownCounter | Instrument::Gauge) => format!("i64 {}", quarters / 4),
    }
}

#[allow(clippy::cast_precision_loss)] // The numbers are small.
fn double(quarters: i64) -> f64 {
    quarters as f64 / 4.0
}

/// Unit and printed value of a recorded series.
pub(super) fn exported(model: &Model, name: &str, series: &Series) -> (&'static str, String) {
    let (kind, index) = name.split_at(name.find(char::is_numeric).expect("a number"));
    let index = index.split('.').next().unwrap_or_default();
    let index: usize = index.parse().expect("a number");
    if kind == "meter.m" {
        let metric = &model.metrics[index];
        let value = match series {
            Series::Sum(quarters) => sum(metric, *quarters),
            Series::Last(quarters) => format!("gauge {}", number_of(metric, *quarters)),
            Series::Values(values) => histogram(metric, values),
            Series::Durations(_) => panic!("only operations have durations"),
        };
        return (metric.unit, value);
    }
    match series {
        Series::Durations(count) => {
            let metrics = model.operations[index].metrics.as_ref();
            let buckets = metrics.and_then(|metrics| metrics.buckets.as_deref());
            let bounds = buckets.unwrap_or(&SECONDS);
            (
                "s",
                format!("histogram f64 count={count} bounds={bounds:?}"),
            )
        }
        Series::Sum(quarters) => ("{operation}", format!("sum i64 {}", quarters / 4)),
        Series::Last(_) | Series::Values(_) => panic!("no operation has such a metric"),
    }
}

fn histogram(metric: &Metric, values: &[i64]) -> String {
    let bounds = match &metric.buckets {
        Some(buckets) => buckets.as_slice(),
        None if metric.unit == "s" => &SECONDS,
        None => &SDK,
    };
    let mut counts = vec![0_u64; bounds.len() + 1];
    for value in values {
        let bucket = bounds.iter().position(|bound| double(*value) <= *bound);
        counts[bucket.unwrap_or(bounds.len())] += 1;
    }
    let number = |quarters: i64| {
        let number = number_of(metric, quarters);
        number
            .split_once(' ')
            .expect("type and number")
            .1
            .to_owned()
    };
    let kind = if metric.double { "f64" } else { "u64" };
    format!(
        "histogram {kind} count={} bounds={bounds:?} counts={counts:?} sum={} min={} max={}",
        values.len(),
        number(values.iter().sum()),
        number(*values.iter().min().expect("a value")),
        number(*values.iter().max().expect("a value")),
    )
}
