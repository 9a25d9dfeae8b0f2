//! Points of metrics as the SDK collects them.

use opentelemetry::KeyValue;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    Instrument, InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Stream, Temporality,
};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A provider of the SDK whose points are looked at when asked.
#[derive(Clone, Debug)]
pub struct Meters {
    /// The provider, to install.
    pub provider: SdkMeterProvider,
    reader: Reader,
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Name of the metric.
    pub metric: String,
    /// Its dimensions, sorted.
    pub attributes: BTreeMap<String, String>,
    /// The sum, or the last value.
    pub value: f64,
    /// How many measurements a histogram has seen; one of any other metric.
    pub count: u64,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.attributes.iter();
        let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
        write!(f, "{}{{{}}} ", self.metric, pairs.join(","))?;
        match self.count {
            // How long something took is another each time.
            count if self.metric.ends_with(".duration") => write!(f, "×{count}"),
            1 => write!(f, "{}", self.value),
            count => write!(f, "{} in {count}", self.value),
        }
    }
}

impl Meters {
    /// As a service is told to make one: with the view of its contract.
    #[must_use]
    pub fn with_view(view: fn(&Instrument) -> Option<Stream>) -> Self {
        Self::new(Temporality::Cumulative, &[view])
    }

    /// As a service has one that knows nothing of contracts.
    #[must_use]
    pub fn plain() -> Self {
        Self::new(Temporality::Cumulative, &[])
    }

    /// Any other.
    #[must_use]
    pub fn new(temporality: Temporality, views: &[fn(&Instrument) -> Option<Stream>]) -> Self {
        let reader = ManualReader::builder()
            .with_temporality(temporality)
            .build();
        let reader = Reader(Arc::new(reader));
        let mut builder = SdkMeterProvider::builder().with_reader(reader.clone());
        for view in views {
            builder = builder.with_view(*view);
        }
        Self {
            provider: builder.build(),
            reader,
        }
    }

    /// Every point, sorted.
    ///
    /// # Panics
    ///
    /// When the provider is gone.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let mut collected = ResourceMetrics::default();
        let result = self.reader.collect(&mut collected);
        result.expect("the provider is still there");
        let scopes = collected.scope_metrics();
        let mut points = Vec::new();
        for metric in scopes.flat_map(ScopeMetrics::metrics) {
            match metric.data() {
                AggregatedMetrics::F64(data) => each(metric.name(), data, |it| it, &mut points),
                AggregatedMetrics::U64(data) => each(metric.name(), data, as_f64, &mut points),
                AggregatedMetrics::I64(data) => each(metric.name(), data, signed, &mut points),
            }
        }
        points.sort_by_cached_key(|point| (point.metric.clone(), point.attributes.clone()));
        points
    }

    /// The points as text, sorted, a line each: `jobs{account.tier=pro} 3`; of histograms how many as well,
    /// of durations that alone.
    #[must_use]
    pub fn text(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.points().iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    }
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn as_f64(value: u64) -> f64 {
    value as f64
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn signed(value: i64) -> f64 {
    value as f64
}

fn each<T: Copy>(name: &str, data: &MetricData<T>, to: fn(T) -> f64, points: &mut Vec<Point>) {
    let point = |attributes: Vec<&KeyValue>, value, count| Point {
        metric: name.to_owned(),
        attributes: attributes
            .into_iter()
            .map(|one| (one.key.to_string(), one.value.to_string()))
            .collect(),
        value,
        count,
    };
    match data {
        MetricData::Sum(sum) => points.extend(
            sum.data_points()
                .map(|one| point(one.attributes().collect(), to(one.value()), 1)),
        ),
        MetricData::Gauge(gauge) => points.extend(
            gauge
                .data_points()
                .map(|one| point(one.attributes().collect(), to(one.value()), 1)),
        ),
        MetricData::Histogram(histogram) => points.extend(
            histogram
                .data_points()
                .map(|one| point(one.attributes().collect(), to(one.sum()), one.count())),
        ),
        MetricData::ExponentialHistogram(_) => {}
    }
}

/// A reader that is kept beside the provider it belongs to.
#[derive(Clone, Debug)]
struct Reader(Arc<ManualReader>);

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, collected: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(collected)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}
