//! The builder returned by `billing::telemetry(…)`.

use super::detectors::Detector;
use super::environment::{Environment, MAX_TIME};
use super::export_options::ExportOptions;
use super::guard::OnReport;
use super::notice::{Notice, OnNotice};
use super::providers::{self, MakeMeterProvider, MakeSpanProcessor, View};
use super::report::Report;
use super::vocabulary::Vocabulary;
use super::warning::{OnWarnings, SetupWarnings};
use super::{Protocol, Signal};
use crate::definition::ContractDefinition;
use crate::description::Contract;
use crate::telemetry::Providers;
use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{Instrument, Stream};
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter, SpanProcessor};
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

/// Builder of a set-up. It has no effect before [`install`](Self::install).
#[must_use = "telemetry is set up by `install`"]
pub struct Setup {
    pub(super) description: &'static Contract,
    pub(super) contracts: Vec<&'static ContractDefinition>,
    /// Descriptions of `contracts`.
    pub(super) descriptions: Vec<&'static Contract>,
    pub(super) resource: Vec<KeyValue>,
    pub(super) added_resources: Vec<Resource>,
    /// Detectors set in code; `None`: those of the variable, or all.
    pub(super) detectors: Option<Vec<Detector>>,
    pub(super) environment: Option<Environment>,
    pub(super) is_strict: bool,
    pub(super) options: ExportOptions,
    pub(super) exporters: CodeExporters,
    pub(super) processors: Vec<Box<dyn SpanProcessor>>,
    pub(super) providers: Providers,
    pub(super) sampler: Option<Box<dyn ShouldSample>>,
    pub(super) propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
    pub(super) views: Vec<View>,
    #[cfg(feature = "hash")]
    pub(super) key: Option<super::key::Key>,
    pub(super) time_limit: Duration,
    pub(super) on_report: Option<OnReport>,
    pub(super) on_warnings: Option<OnWarnings>,
    pub(super) on_notice: Option<OnNotice>,
}

/// Exporters set in code.
#[derive(Default)]
pub(super) struct CodeExporters {
    pub(super) spans: Option<MakeSpanProcessor>,
    pub(super) points: Option<MakeMeterProvider>,
    #[cfg(feature = "logs")]
    pub(super) records: Option<providers::MakeLoggerProvider>,
}

impl Setup {
    #[doc(hidden)]
    pub fn new(
        contract: &'static ContractDefinition,
        description: &'static Contract,
        resource: impl IntoIterator<Item = KeyValue>,
    ) -> Self {
        Self {
            description,
            contracts: vec![contract],
            descriptions: vec![description],
            resource: resource.into_iter().collect(),
            added_resources: Vec::new(),
            detectors: None,
            environment: None,
            is_strict: false,
            options: ExportOptions::default(),
            exporters: CodeExporters::default(),
            processors: Vec::new(),
            providers: Providers::new(),
            sampler: None,
            propagator: None,
            views: Vec::new(),
            #[cfg(feature = "hash")]
            key: None,
            time_limit: Duration::from_secs(5),
            on_report: None,
            on_warnings: None,
            on_notice: None,
        }
    }

    /// Sets the endpoint of all signals: `http://collector:4318`, without the path of a signal. It takes precedence over
    /// the variables.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.options.endpoint = Some(url.into());
        self
    }

    /// Sets the protocol of all signals. It takes precedence over the variables.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.options.protocol = Some(protocol);
        self
    }

    /// Adds a header to every export. No message contains its value.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the timeout of every export, 24 days at most. It takes precedence over `OTEL_EXPORTER_OTLP_TIMEOUT`. If
    /// `OTEL_BSP_EXPORT_TIMEOUT` or `OTEL_BLRP_EXPORT_TIMEOUT` (30 seconds by default), or `OTEL_METRIC_EXPORT_TIMEOUT`
    /// is shorter, it applies instead.
    pub fn export_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout.min(MAX_TIME));
        self
    }

    /// Sets the time between two exports of metrics, 24 days at most. It takes precedence over
    /// `OTEL_METRIC_EXPORT_INTERVAL`.
    pub fn metric_interval(mut self, interval: Duration) -> Self {
        self.options.metric_interval = Some(interval.min(MAX_TIME));
        self
    }

    /// Sets the sampler. It takes precedence over the contract and `OTEL_TRACES_SAMPLER`.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Sets the propagator. It takes precedence over `OTEL_PROPAGATORS`, and becomes OpenTelemetry's global propagator.
    /// A [`TraceContext`](crate::propagation) uses it too, for the headers in [`TextMapPropagator::fields`].
    pub fn propagator(
        mut self,
        propagator: impl TextMapPropagator + Send + Sync + 'static,
    ) -> Self {
        self.propagator = Some(Box::new(propagator));
        self
    }

    /// Adds a view for metrics of other instrumentation. The contract's view is always installed.
    pub fn with_view(
        mut self,
        view: impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static,
    ) -> Self {
        self.views.push(Box::new(view));
        self
    }

    /// Adds another contract: its view, its sampling and its baggage.
    pub fn with_contract(mut self, contract: &Vocabulary) -> Self {
        self.contracts.push(contract.definition);
        self.descriptions.push(contract.description);
        self
    }

    /// Adds the attributes of a [`Resource`] of the SDK, for example of a detector for a cloud. The attributes of the
    /// contract and of `OTEL_RESOURCE_ATTRIBUTES` take precedence over them, and they over detected attributes. The schema
    /// URL remains that of the contract.
    ///
    /// ```
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// use opentelemetry::KeyValue;
    /// use opentelemetry_sdk::Resource;
    ///
    /// # fn set_up(telemetry: billing::setup::Setup) -> billing::setup::Setup {
    /// let region = KeyValue::new("cloud.region", "eu-central-1");
    /// telemetry.with_resource(Resource::builder_empty().with_attribute(region).build())
    /// # }
    /// # fn main() {}
    /// ```
    pub fn with_resource(mut self, resource: Resource) -> Self {
        self.added_resources.push(resource);
        self
    }

    /// Detects only these parts of the resource, instead of all; nothing for an empty list. This takes precedence over
    /// `OTEL_EXPERIMENTAL_RESOURCE_DETECTORS`.
    pub fn detectors(mut self, detectors: impl IntoIterator<Item = Detector>) -> Self {
        self.detectors = Some(detectors.into_iter().collect());
        self
    }

    /// Sets the key that personal values are hashed with, at least 32 bytes. No message contains it.
    #[cfg(feature = "hash")]
    pub fn protection_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.key = Some(super::key::Key::Bytes(key.as_ref().to_vec()));
        self
    }

    /// Reads the key that personal values are hashed with from this variable, which must be set.
    ///
    /// ```
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// # fn main() {
    /// # let resource = billing::Resource {
    /// #     service_name: "billing-api".into(),
    /// #     service_version: "1.0.0".into(),
    /// #     deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    /// # };
    /// # let nowhere = ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    /// let telemetry = billing::telemetry(resource).protection_key_from("BILLING_HASH_KEY");
    /// # let telemetry = telemetry.variables(nowhere);
    /// let errors = telemetry.install().expect_err("the variable is not set");
    /// assert_eq!(
    ///     errors.iter().next().map(billing::setup::SetupError::what).as_deref(),
    ///     Some("`BILLING_HASH_KEY` must contain the protection key, but is not set")
    /// );
    /// # }
    /// ```
    #[cfg(feature = "hash")]
    pub fn protection_key_from(mut self, variable: impl Into<String>) -> Self {
        self.key = Some(super::key::Key::Variable(variable.into()));
        self
    }

    /// Exports spans with this [`SpanExporter`]. They are queued, batched and counted as with the built-in exporter.
    pub fn with_span_exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        self.options.provided.push(Signal::Traces);
        self.exporters.spans = Some(Box::new(|parts| providers::span_processor(exporter, parts)));
        self
    }

    /// Passes ended spans to this [`SpanProcessor`], before they are exported.
    ///
    /// Its `on_start` is not called for operations: an active operation is not an SDK span, which makes it cheap. Add a
    /// processor that needs `on_start` to your own provider, with [`with_tracer_provider`](Self::with_tracer_provider).
    pub fn with_span_end_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        self.processors.push(Box::new(processor));
        self
    }

    /// Exports metrics with this [`PushMetricExporter`].
    pub fn with_metric_exporter(mut self, exporter: impl PushMetricExporter) -> Self {
        self.options.provided.push(Signal::Metrics);
        self.exporters.points = Some(Box::new(|parts| providers::meter_provider(exporter, parts)));
        self
    }

    /// Exports log records with this [`LogExporter`](opentelemetry_sdk::logs::LogExporter).
    #[cfg(feature = "logs")]
    pub fn with_log_exporter(
        mut self,
        exporter: impl opentelemetry_sdk::logs::LogExporter + 'static,
    ) -> Self {
        self.options.provided.push(Signal::Logs);
        self.exporters.records = Some(Box::new(|parts| {
            providers::logger_provider(exporter, parts)
        }));
        self
    }

    /// Records spans with your own provider. You configure its resource and its sampler, and shut it down.
    pub fn with_tracer_provider<P, T, S>(mut self, provider: P) -> Self
    where
        P: opentelemetry::trace::TracerProvider<Tracer = T> + Send + Sync + 'static,
        T: opentelemetry::trace::Tracer<Span = S> + Send + Sync + 'static,
        S: opentelemetry::trace::Span + Send + Sync + 'static,
    {
        self.options.provided.push(Signal::Traces);
        self.exporters.spans = None;
        self.providers = self.providers.with_tracer_provider(provider);
        self
    }

    /// Records measurements with your own provider. You configure its resource and its views, and shut it down.
    pub fn with_meter_provider<P>(mut self, provider: P) -> Self
    where
        P: opentelemetry::metrics::MeterProvider + Send + Sync + 'static,
    {
        self.options.provided.push(Signal::Metrics);
        self.exporters.points = None;
        self.providers = self.providers.with_meter_provider(provider);
        self
    }

    /// Records events with your own provider. You configure its resource, and shut it down.
    #[cfg(feature = "logs")]
    pub fn with_logger_provider<P>(mut self, provider: P) -> Self
    where
        P: opentelemetry::logs::LoggerProvider + Send + Sync + 'static,
        P::Logger: Send + Sync + 'static,
    {
        self.options.provided.push(Signal::Logs);
        self.exporters.records = None;
        self.providers = self.providers.with_logger_provider(provider);
        self
    }

    /// Turns [warnings](super::SetupWarnings) about variables with an invalid value or a misspelt name into errors.
    ///
    /// ```
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// # fn main() {
    /// # let resource = billing::Resource {
    /// #     service_name: "billing-api".into(),
    /// #     service_version: "1.0.0".into(),
    /// #     deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    /// # };
    /// let telemetry = billing::telemetry(resource)
    ///     .variables([("OTEL_TRACES_SAMPLER", "half"), ("OTEL_METRICS_EXPORTER", "none")])
    /// #   .variables([
    /// #       ("OTEL_TRACES_SAMPLER", "half"),
    /// #       ("OTEL_TRACES_EXPORTER", "none"),
    /// #       ("OTEL_METRICS_EXPORTER", "none"),
    /// #       ("OTEL_LOGS_EXPORTER", "none"),
    /// #   ])
    ///     .strict();
    /// let errors = telemetry.install().expect_err("the sampler is unknown");
    /// assert!(errors.to_string().contains("`OTEL_TRACES_SAMPLER` has the invalid value `half`"));
    /// # }
    /// ```
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// Reads these variables instead of the environment of the process. An exporter of `opentelemetry-otlp` that is
    /// passed in code still reads the environment of the process.
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        self.environment = Some(variables.into_iter().collect());
        self
    }

    /// Sets the maximum duration of a shutdown; 24 days at most.
    pub fn shutdown_within(mut self, time_limit: Duration) -> Self {
        self.time_limit = time_limit.min(MAX_TIME);
        self
    }

    /// Passes the warnings about variables to this function instead of writing them to standard error. The function is
    /// called only if there are warnings.
    ///
    /// ```
    /// # otel_contract::contract!("doc/billing.yaml");
    /// # fn set_up(telemetry: billing::setup::Setup) -> billing::setup::Setup {
    /// telemetry.on_warnings(|warnings| {
    ///     for warning in warnings {
    ///         println!("{}; {}", warning.what(), warning.effect());
    ///     }
    /// })
    /// # }
    /// # fn main() {}
    /// ```
    pub fn on_warnings(mut self, handle: impl FnOnce(&SetupWarnings) + Send + 'static) -> Self {
        self.on_warnings = Some(Box::new(handle));
        self
    }

    /// Passes each [`Notice`] to this function instead of writing it to standard error: that exports fail, that they
    /// succeed again, and that there is no protection key. Each occurs at most once per signal or contract. The function
    /// may run on the thread of an exporter; while it runs, the thread records no telemetry.
    ///
    /// ```
    /// # otel_contract::contract!("doc/billing.yaml");
    /// # fn set_up(telemetry: billing::setup::Setup) -> billing::setup::Setup {
    /// telemetry.on_notice(|notice| println!("{}; {}", notice.what(), notice.effect()))
    /// # }
    /// # fn main() {}
    /// ```
    pub fn on_notice(mut self, handle: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        self.on_notice = Some(Box::new(handle));
        self
    }

    /// Passes the report to this function when the guard is dropped, instead of writing losses to standard error.
    pub fn on_report(mut self, handle: impl FnOnce(&Report) + Send + 'static) -> Self {
        self.on_report = Some(Box::new(handle));
        self
    }
}

/// Omits keys, and the values of headers and variables.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&String> = self.options.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Setup")
            .field("contract", &self.description.name)
            .field("protocol", &self.options.protocol)
            .field("headers", &headers)
            .field("variables", &self.environment)
            .field("providers", &self.providers)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}
