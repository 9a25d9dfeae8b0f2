//! Metric points that the SDK collects.

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

/// SDK meter provider with a manual reader.
#[derive(Clone, Debug)]
pub struct Meters {
    /// Provider to install.
    pub provider: SdkMeterProvider,
    reader: Reader,
}

/// One metric point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Name of the metric.
    pub metric: String,
    /// Dimensions, sorted by key.
    pub attributes: BTreeMap<String, String>,
    /// The sum, or the last value.
    pub value: f64,
    /// Number of measurements of a histogram; 1 for any other metric.
    pub count: u64,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.attributes.iter();
        let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
        write!(f, "{}{{{}}} ", self.metric, pairs.join(","))?;
        match self.count {
            // Durations differ in every run, so only their number is shown.
            count if self.metric.ends_with(".duration") => write!(f, "×{count}"),
            1 => write!(f, "{}", self.value),
            count => write!(f, "{} in {count}", self.value),
        }
    }
}

impl Meters {
    /// Builds a provider as the guide recommends: with the view of the contract.
    #[must_use]
    pub fn with_view(view: fn(&Instrument) -> Option<Stream>) -> Self {
        Self::new(Temporality::Cumulative, &[view])
    }

    /// Builds a provider without views, as a service without contracts does.
    #[must_use]
    pub fn plain() -> Self {
        Self::new(Temporality::Cumulative, &[])
    }

    /// Builds a provider with this temporality and these views.
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

    /// Collects all points, sorted by metric and dimensions.
    ///
    /// # Panics
    ///
    /// If the provider was dropped.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let mut collected = ResourceMetrics::default();
        let result = self.reader.collect(&mut collected);
        result.expect("the provider is still there");
        let scopes = collected.scope_metrics();
        let mut points = Vec::new();
        for metric in scopes.flat_map(ScopeMetrics::metrics) {
            match metric.data() {
                AggregatedMetrics::F64(data) => {
                    collect_points(metric.name(), data, |value| value, &mut points);
                }
                AggregatedMetrics::U64(data) => {
                    collect_points(metric.name(), data, u64_as_f64, &mut points);
                }
                AggregatedMetrics::I64(data) => {
                    collect_points(metric.name(), data, i64_as_f64, &mut points);
                }
            }
        }
        points.sort_by_cached_key(|point| (point.metric.clone(), point.attributes.clone()));
        points
    }

    /// Collects all points as sorted lines: `jobs{account.tier=pro} 3`. Lines of histograms also show the number of
    /// measurements; lines of durations show only that number.
    #[must_use]
    pub fn text(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.points().iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    }
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn u64_as_f64(value: u64) -> f64 {
    value as f64
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn i64_as_f64(value: i64) -> f64 {
    value as f64
}

fn collect_points<T: Copy>(
    name: &str,
    data: &MetricData<T>,
    to: fn(T) -> f64,
    points: &mut Vec<Point>,
) {
    let point = |attributes: Vec<&KeyValue>, value, count| Point {
        metric: name.to_owned(),
        attributes: attributes
            .into_iter()
            .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
            .collect(),
        value,
        count,
    };
    match data {
        MetricData::Sum(sum) => {
            points.extend(sum.data_points().map(|data_point| {
                point(data_point.attributes().collect(), to(data_point.value()), 1)
            }));
        }
        MetricData::Gauge(gauge) => {
            points.extend(gauge.data_points().map(|data_point| {
                point(data_point.attributes().collect(), to(data_point.value()), 1)
            }));
        }
        MetricData::Histogram(histogram) => {
            points.extend(histogram.data_points().map(|data_point| {
                point(
                    data_point.attributes().collect(),
                    to(data_point.sum()),
                    data_point.count(),
                )
            }));
        }
        MetricData::ExponentialHistogram(_) => {}
    }
}

/// Reader that is shared between the provider and [`Meters`].
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
