//! Providers and their exported telemetry, as text. Part of the generated project.

use crate::harness::Contract;
use opentelemetry::trace::{Status, noop::NoopTracerProvider};
use opentelemetry::{Context, KeyValue, Value, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    InstrumentKind, ManualReader, ManualReaderBuilder, Pipeline, SdkMeterProvider, Temporality,
};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, Span, SpanData, SpanProcessor};
use otel_contract::Providers;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

#[derive(Clone, Debug)]
struct Reader(Arc<ManualReader>);

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
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

#[derive(Clone, Debug, Default)]
struct Spans(Arc<Mutex<Vec<SpanData>>>);

impl SpanProcessor for Spans {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0.lock().unwrap().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// One installation of providers, with its exporters.
pub struct Installation {
    reader: Reader,
    /// Kept, since the reader can only collect while the provider exists.
    _meters: SdkMeterProvider,
    spans: Spans,
}

impl Installation {
    /// Builds providers and installs them, or sets them as global providers.
    pub fn install(contract: &Contract, mode: &str, settings: &str) -> Self {
        let temporality = match settings.contains("delta") {
            true => Temporality::Delta,
            false => Temporality::Cumulative,
        };
        let reader = ManualReaderBuilder::new()
            .with_temporality(temporality)
            .build();
        let reader = Reader(Arc::new(reader));
        let mut meters = SdkMeterProvider::builder().with_reader(reader.clone());
        if mode == "view" {
            meters = meters.with_view(contract.view);
        }
        let meters = meters.build();
        let spans = Spans::default();
        let sampler = match settings.contains("unsampled") {
            true => Sampler::AlwaysOff,
            false => Sampler::AlwaysOn,
        };
        let tracers = SdkTracerProvider::builder()
            .with_sampler(sampler)
            .with_span_processor(spans.clone())
            .build();
        let traces = !settings.contains("untraced");
        match (mode, traces) {
            ("global", true) => global::set_tracer_provider(tracers),
            ("global", false) => global::set_tracer_provider(NoopTracerProvider::new()),
            _ => {
                let providers = Providers::new().with_meter_provider(meters.clone());
                match traces {
                    true => providers.with_tracer_provider(tracers).install(),
                    false => providers
                        .with_tracer_provider(NoopTracerProvider::new())
                        .install(),
                }
            }
        }
        if mode == "global" {
            global::set_meter_provider(meters.clone());
        }
        Installation {
            reader,
            _meters: meters,
            spans,
        }
    }

    pub fn collect(&self, contract: &Contract, collection: usize, number: usize) {
        let mut metrics = ResourceMetrics::default();
        self.reader.collect(&mut metrics).unwrap();
        for scope in metrics.scope_metrics() {
            for metric in scope.metrics() {
                let mut foreign = String::new();
                if (scope.scope().name(), scope.scope().version()) != (contract.name, Some("1.0.0"))
                {
                    foreign = format!("{:?} ", scope.scope());
                }
                let points = match metric.data() {
                    AggregatedMetrics::F64(data) => points("f64", data),
                    AggregatedMetrics::U64(data) => points("u64", data),
                    AggregatedMetrics::I64(data) => points("i64", data),
                };
                for (attributes, value) in points {
                    println!(
                        "point\t{}\t{collection}\t{number}\t{foreign}{} [{}]\t{attributes}\t{value}",
                        contract.name,
                        metric.name(),
                        metric.unit(),
                    );
                }
            }
        }
    }
}

/// Prints every span of one installation, in the order of their ends.
pub fn print_spans(contract: &Contract, installation: &Installation) {
    for span in installation.spans.0.lock().unwrap().iter() {
        let status = match span.status {
            Status::Unset => "unset",
            Status::Error { .. } => "error",
            Status::Ok => "ok",
        };
        let attributes = braces(span.attributes.iter());
        println!(
            "span\t{}\t{} {attributes} {status}",
            contract.name, span.name
        );
    }
}

fn points<T: Copy + Debug>(number: &str, data: &MetricData<T>) -> Vec<(String, String)> {
    match data {
        MetricData::Gauge(gauge) => gauge
            .data_points()
            .map(|point| (braces(point.attributes()), format!("gauge {number} {:?}", point.value())))
            .collect(),
        MetricData::Sum(sum) => sum
            .data_points()
            .map(|point| {
                let value = format!("sum {number} {:?}", point.value());
                let monotonic = if sum.is_monotonic() { " monotonic" } else { "" };
                (braces(point.attributes()), value + monotonic)
            })
            .collect(),
        MetricData::Histogram(histogram) => histogram
            .data_points()
            .map(|point| {
                let value = format!(
                    "histogram {number} count={} bounds={:?} counts={:?} sum={:?} min={:?} max={:?}",
                    point.count(),
                    point.bounds().collect::<Vec<_>>(),
                    point.bucket_counts().collect::<Vec<_>>(),
                    point.sum(),
                    point.min().unwrap(),
                    point.max().unwrap(),
                );
                (braces(point.attributes()), value)
            })
            .collect(),
        MetricData::ExponentialHistogram(_) => panic!("no metric is an exponential histogram"),
    }
}

/// Attributes in braces, sorted, each with its type. A repeated key is repeated in the text.
fn braces<'a>(attributes: impl Iterator<Item = &'a KeyValue>) -> String {
    let mut pairs: Vec<String> = attributes
        .map(|pair| {
            let value = match &pair.value {
                Value::Bool(value) => format!("bool {value}"),
                Value::I64(value) => format!("int {value}"),
                Value::F64(value) => format!("double {value}"),
                Value::String(value) => format!("string {value}"),
                value => format!("{value:?}"),
            };
            format!("{}={value}", pair.key)
        })
        .collect();
    pairs.sort();
    format!("{{{}}}", pairs.join(", "))
}
