//! Set-ups, providers, calls and gates that all attacks use.

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::InMemoryLogExporter;
use opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, HistogramDataPoint, Metric, MetricData, ResourceMetrics, ScopeMetrics,
    SumDataPoint,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData, SpanExporter};
use otel_contract_tests::points::Meters;
use std::sync::mpsc::{self, Receiver, Sender};
use test_vocabulary::billing::setup::Setup;
use test_vocabulary::measures::{self, AccountTier, QueueName, metrics};
use test_vocabulary::{billing, caps};

/// In-memory exporters of a set-up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exported {
    spans: Spans,
    pub(crate) points: InMemoryMetricExporter,
    pub(crate) records: InMemoryLogExporter,
}

impl Exported {
    /// Set-up that knows the contracts `billing` and `measures`, but not `caps`.
    pub(crate) fn setup(&self) -> Setup {
        setup()
            .with_contract(&measures::VOCABULARY)
            .with_span_exporter(self.spans.clone())
            .with_metric_exporter(self.points.clone())
            .with_log_exporter(self.records.clone())
    }

    /// Number of exported spans with this name.
    pub(crate) fn named(&self, name: &str) -> usize {
        self.spans.named(name)
    }

    /// Number of exported events with this name.
    pub(crate) fn events(&self, name: &str) -> usize {
        let records = self
            .records
            .get_emitted_logs()
            .expect("records are in memory");
        let named = |record: &LogDataWithResource| record.record.event_name() == Some(name);
        records.into_iter().filter(named).count()
    }

    /// Value of `otel_contract.lost` for this reason in the last export.
    pub(crate) fn lost(&self, reason: &str) -> u64 {
        let exports = self
            .points
            .get_finished_metrics()
            .expect("records are in memory");
        let last = exports
            .last()
            .into_iter()
            .flat_map(ResourceMetrics::scope_metrics);
        let metrics = last.flat_map(ScopeMetrics::metrics);
        let lost = metrics.filter(|metric| metric.name() == "otel_contract.lost");
        let count = |metric: &Metric| -> u64 {
            let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() else {
                return 0;
            };
            let points = sum.data_points().filter(|point| {
                let mut attributes = point.attributes();
                attributes.any(|attribute| attribute.value.as_str() == reason)
            });
            points.map(SumDataPoint::value).sum()
        };
        lost.map(count).sum()
    }

    /// Count of a metric in the last export: the sum over the series of a counter, or the count of a histogram.
    pub(crate) fn counted(&self, metric: &str) -> u64 {
        let exports = self
            .points
            .get_finished_metrics()
            .expect("records are in memory");
        exports.last().map_or(0, |last| counted(last, metric))
    }
}

/// Count of a metric in one collection: the sum over the series of a counter, or the count of a histogram.
pub(crate) fn counted(collected: &ResourceMetrics, metric: &str) -> u64 {
    let metrics = collected.scope_metrics().flat_map(ScopeMetrics::metrics);
    let found = metrics.filter(|candidate| candidate.name() == metric);
    let count = |metric: &Metric| -> u64 {
        match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                sum.data_points().map(SumDataPoint::value).sum()
            }
            AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
                histogram.data_points().map(HistogramDataPoint::count).sum()
            }
            _ => 0,
        }
    };
    found.map(count).sum()
}

/// A set-up without exporters.
pub(crate) fn setup() -> Setup {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    billing::telemetry(resource).variables(none)
}

/// Runs one operation of `measures`.
pub(crate) fn job() {
    let job = measures::JobRun {
        queue_name: QueueName::capped("mail"),
    };
    job.start().succeed();
}

/// Runs one operation of `caps`, and records one measurement of each of its metrics.
pub(crate) fn carry() {
    let place = caps::CarryPlace {
        shard_key: caps::ShardKey::capped("one"),
        spot: caps::Spot {
            queue_name: caps::QueueName::capped("mail"),
        },
    };
    place.start().succeed();
    caps::metrics::carry_tally().add(
        1,
        caps::metrics::CarryTally {
            queue_name: caps::QueueName::capped("mail"),
        },
    );
}

/// Records one measurement of `measures`.
pub(crate) fn count_a_job() {
    metrics::jobs().add(
        1,
        metrics::Jobs {
            account_tier: AccountTier::Free,
            queue_name: QueueName::capped("mail"),
        },
    );
}

/// Emits one event of `caps`.
pub(crate) fn emit_carried_event() {
    let done = caps::CarryDone {
        queue_name: caps::QueueName::capped("mail"),
    };
    done.emit();
}

/// Runs one operation of `billing`.
pub(crate) fn run_invoice() {
    let invoice = billing::InvoiceCreate {
        order_id: billing::OrderId::new("ord_1"),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: billing::AccountTier::Pro,
        },
    };
    invoice.start().succeed();
}

/// Exported spans. Unlike the SDK's in-memory exporter, this exporter keeps its spans after shutdown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(InMemorySpanExporter);

impl Spans {
    /// All spans, in the order of their ends.
    pub(crate) fn all(&self) -> Vec<SpanData> {
        self.0.get_finished_spans().expect("records are in memory")
    }

    /// Number of spans with this name.
    pub(crate) fn named(&self, name: &str) -> usize {
        self.all()
            .into_iter()
            .filter(|span| span.name == name)
            .count()
    }
}

impl SpanExporter for Spans {
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        self.0.export(spans).await
    }
}

/// Providers that are built but not yet installed. They are built outside of callbacks, because the SDK makes
/// instruments for them and would deadlock inside a callback.
#[derive(Clone, Debug)]
pub(crate) struct TestProviders {
    pub(crate) meters: Meters,
    pub(crate) spans: Spans,
    tracers: SdkTracerProvider,
}

impl TestProviders {
    /// Builds providers with the view of `measures`.
    pub(crate) fn new() -> Self {
        Self::with(Meters::with_view(measures::view))
    }

    /// Builds providers with these meters.
    pub(crate) fn with(meters: Meters) -> Self {
        let spans = Spans::default();
        let tracers = SdkTracerProvider::builder()
            .with_simple_exporter(spans.clone())
            .build();
        Self {
            meters,
            spans,
            tracers,
        }
    }

    /// Installs the providers through `measures::Providers`.
    pub(crate) fn install(&self) {
        measures::Providers::new()
            .with_tracer_provider(self.tracers.clone())
            .with_meter_provider(self.meters.provider.clone())
            .install();
    }

    /// Builds and installs providers.
    pub(crate) fn installed() -> Self {
        let providers = Self::new();
        providers.install();
        providers
    }

    /// Points of the metrics whose name has this prefix, as text.
    pub(crate) fn lines(&self, start: &str) -> Vec<String> {
        let mut lines = self.meters.text();
        lines.retain(|line| line.starts_with(start));
        lines
    }

    /// Repeats an action until this metric has points: instruments that were first used while the SDK was blocked are
    /// made as soon as the SDK is free again.
    pub(crate) fn repeat_until_recorded(&self, metric: &str, action: fn()) {
        while self.lines(metric).is_empty() {
            action();
        }
    }
}

/// Registers a callback with OpenTelemetry, outside of any contract, that runs at each collection of the provider.
pub(crate) fn plain_callback(
    provider: &SdkMeterProvider,
    callback: impl Fn() + Send + Sync + 'static,
) {
    let _observable = provider
        .meter("plain")
        .u64_observable_gauge("plain.gauge")
        .with_callback(move |observer| {
            callback();
            observer.observe(1, &[]);
        })
        .build();
}

/// Blocks a thread until another thread opens the gate.
#[derive(Debug)]
pub(crate) struct Gate(Receiver<()>);

/// Opens a [`Gate`].
#[derive(Clone, Debug)]
pub(crate) struct Opener(Sender<()>);

impl Gate {
    pub(crate) fn new() -> (Opener, Self) {
        let (sender, receiver) = mpsc::channel();
        (Opener(sender), Self(receiver))
    }

    /// Waits without a bound: code that wrongly waits for this thread hangs, so the test fails.
    pub(crate) fn wait(&self) {
        self.0.recv().expect("the gate is opened");
    }
}

impl Opener {
    pub(crate) fn open(&self) {
        let _ = self.0.send(());
    }
}
