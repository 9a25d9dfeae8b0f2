//! The builder that `billing::telemetry(…)` starts.

use super::chosen::Chosen;
use super::environment::{Environment, LONGEST};
use super::guard::OnReport;
use super::propagator::BaggagePropagator;
use super::providers::{self, MakeMeters, MakeSpans, View};
use super::report::Report;
use super::sampler::ContractSampler;
use super::warning::{OnWarnings, SetupWarnings};
use super::{Protocol, Signal};
use crate::definition::ContractDefinition;
use crate::description::Contract;
use crate::telemetry::Providers;
use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{Instrument, Stream};
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter, SpanProcessor};
use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

/// A contract, for a set-up that serves several.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary(&'static ContractDefinition);

impl Vocabulary {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(contract: &'static ContractDefinition) -> Self {
        Self(contract)
    }

    /// Its head sampler, for a provider that is built by hand; with the sampler of the
    /// specification, `parentbased_always_on`, for everything it says nothing about.
    #[must_use]
    pub fn sampler(self) -> ContractSampler {
        ContractSampler::new(&[self.0], super::sampler::Fallback::parent(1.0))
    }

    /// The propagator of its baggage, to be used beside others where [`Setup::propagator`] replaces all of them.
    #[must_use]
    pub fn baggage_propagator(self) -> BaggagePropagator {
        BaggagePropagator::new([&self.0.baggage])
    }
}

/// Telemetry about to be set up. Nothing happens before [`install`](Self::install).
#[must_use = "nothing is set up before `install`"]
pub struct Setup {
    pub(super) description: &'static Contract,
    pub(super) contracts: Vec<&'static ContractDefinition>,
    pub(super) resource: Vec<KeyValue>,
    pub(super) environment: Option<Environment>,
    pub(super) is_strict: bool,
    pub(super) chosen: Chosen,
    pub(super) exporters: OwnExporters,
    pub(super) processors: Vec<Box<dyn SpanProcessor>>,
    pub(super) providers: Providers,
    pub(super) sampler: Option<Box<dyn ShouldSample>>,
    pub(super) propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
    pub(super) views: Vec<View>,
    #[cfg(feature = "hash")]
    pub(super) key: Option<super::key::Key>,
    pub(super) bound: Duration,
    pub(super) on_report: Option<OnReport>,
    pub(super) on_warnings: Option<OnWarnings>,
}

/// Exporters given in code.
#[derive(Default)]
pub(super) struct OwnExporters {
    pub(super) spans: Option<MakeSpans>,
    pub(super) points: Option<MakeMeters>,
    #[cfg(feature = "logs")]
    pub(super) records: Option<providers::MakeLoggers>,
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
            resource: resource.into_iter().collect(),
            environment: None,
            is_strict: false,
            chosen: Chosen::default(),
            exporters: OwnExporters::default(),
            processors: Vec::new(),
            providers: Providers::new(),
            sampler: None,
            propagator: None,
            views: Vec::new(),
            #[cfg(feature = "hash")]
            key: None,
            bound: Duration::from_secs(5),
            on_report: None,
            on_warnings: None,
        }
    }

    /// Sends everything here, whatever the variables say: `http://collector:4318`, without the path of a signal.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.chosen.endpoint = Some(url.into());
        self
    }

    /// Sends everything by this protocol, whatever the variables say.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.chosen.protocol = Some(protocol);
        self
    }

    /// Adds a header to every export. The value is never shown.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.chosen.headers.push((name.into(), value.into()));
        self
    }

    /// Bounds every export, instead of `OTEL_EXPORTER_OTLP_TIMEOUT`; by 24 days at most.
    pub fn export_timeout(mut self, timeout: Duration) -> Self {
        self.chosen.timeout = Some(timeout.min(LONGEST));
        self
    }

    /// Exports metrics this often, instead of `OTEL_METRIC_EXPORT_INTERVAL`; every 24 days at least.
    pub fn metric_interval(mut self, interval: Duration) -> Self {
        self.chosen.metric_interval = Some(interval.min(LONGEST));
        self
    }

    /// Samples by this, whatever the contract and `OTEL_TRACES_SAMPLER` say.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Propagates by this instead of `OTEL_PROPAGATORS`: as OpenTelemetry's global propagator, and where a
    /// [`TraceContext`](crate::propagation) is read from headers or written to them. The headers are those its `fields` name.
    pub fn propagator(
        mut self,
        propagator: impl TextMapPropagator + Send + Sync + 'static,
    ) -> Self {
        self.propagator = Some(Box::new(propagator));
        self
    }

    /// Adds a view, for metrics of other instrumentation. The contract's is there.
    pub fn with_view(
        mut self,
        view: impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static,
    ) -> Self {
        self.views.push(Box::new(view));
        self
    }

    /// Serves another contract as well: its view, its sampling and its baggage.
    pub fn with_contract(mut self, contract: &Vocabulary) -> Self {
        self.contracts.push(contract.0);
        self
    }

    /// Hashes personal values under this key, at least 16 bytes. It is never shown.
    #[cfg(feature = "hash")]
    pub fn protection_key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.key = Some(super::key::Key::Given(key.as_ref().to_vec()));
        self
    }

    /// Hashes personal values under the value of this variable, which has to be set.
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
    /// # let nowhere = ["TRACES", "METRICS", "LOGS"].map(|one| (format!("OTEL_{one}_EXPORTER"), "none"));
    /// let telemetry = billing::telemetry(resource).protection_key_from("BILLING_HASH_KEY");
    /// # let telemetry = telemetry.variables(nowhere);
    /// let errors = telemetry.install().expect_err("there is no such variable here");
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

    /// Exports spans by this exporter of the SDK: batched, bounded and counted all the same.
    pub fn with_span_exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        self.chosen.provided.push(Signal::Traces);
        self.exporters.spans = Some(Box::new(|parts| providers::spans(exporter, parts)));
        self
    }

    /// Hands spans that have ended to this processor of the SDK as well, before they are exported.
    ///
    /// Its `on_start` is not called for operations: they are not spans of the SDK while they run, which
    /// is what makes them cheap. A processor that has to see spans start goes into a provider of your
    /// own, by [`with_tracer_provider`](Self::with_tracer_provider).
    pub fn with_span_end_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        self.processors.push(Box::new(processor));
        self
    }

    /// Exports metrics by this exporter of the SDK.
    pub fn with_metric_exporter(mut self, exporter: impl PushMetricExporter) -> Self {
        self.chosen.provided.push(Signal::Metrics);
        self.exporters.points = Some(Box::new(|parts| providers::meters(exporter, parts)));
        self
    }

    /// Exports log records by this exporter of the SDK.
    #[cfg(feature = "logs")]
    pub fn with_log_exporter(
        mut self,
        exporter: impl opentelemetry_sdk::logs::LogExporter + 'static,
    ) -> Self {
        self.chosen.provided.push(Signal::Logs);
        self.exporters.records = Some(Box::new(|parts| providers::loggers(exporter, parts)));
        self
    }

    /// Spans go to this provider, which is yours: its resource, its sampler, its end.
    pub fn with_tracer_provider<P, T, S>(mut self, provider: P) -> Self
    where
        P: opentelemetry::trace::TracerProvider<Tracer = T> + Send + Sync + 'static,
        T: opentelemetry::trace::Tracer<Span = S> + Send + Sync + 'static,
        S: opentelemetry::trace::Span + Send + Sync + 'static,
    {
        self.chosen.provided.push(Signal::Traces);
        self.exporters.spans = None;
        self.providers = self.providers.with_tracer_provider(provider);
        self
    }

    /// Measurements go to this provider, which is yours: its resource, its views, its end.
    pub fn with_meter_provider<P>(mut self, provider: P) -> Self
    where
        P: opentelemetry::metrics::MeterProvider + Send + Sync + 'static,
    {
        self.chosen.provided.push(Signal::Metrics);
        self.exporters.points = None;
        self.providers = self.providers.with_meter_provider(provider);
        self
    }

    /// Events go to this provider, which is yours: its resource, its end.
    #[cfg(feature = "logs")]
    pub fn with_logger_provider<P>(mut self, provider: P) -> Self
    where
        P: opentelemetry::logs::LoggerProvider + Send + Sync + 'static,
        P::Logger: Send + Sync + 'static,
    {
        self.chosen.provided.push(Signal::Logs);
        self.exporters.records = None;
        self.providers = self.providers.with_logger_provider(provider);
        self
    }

    /// Refuses what would be ignored with a [warning](super::SetupWarnings) otherwise: a variable of the set-up
    /// with a value that cannot be used, or a name that is nearly one of them.
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
    /// let errors = telemetry.install().expect_err("there is no such sampler");
    /// assert!(errors.to_string().contains("`OTEL_TRACES_SAMPLER` has the invalid value `half`"));
    /// # }
    /// ```
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// Reads these variables instead of those of the process. Where none of them sets a compression, exporters
    /// of the SDK still take that from the process.
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        self.environment = Some(variables.into_iter().collect());
        self
    }

    /// How long shutting down may take; 24 days at most.
    pub fn shutdown_within(mut self, bound: Duration) -> Self {
        self.bound = bound.min(LONGEST);
        self
    }

    /// Told which variables were not used as they are written, instead of standard error; not where there are none.
    ///
    /// ```
    /// # otel_contract::contract!("doc/billing.yaml");
    /// # fn set_up(telemetry: billing::setup::Setup) -> billing::setup::Setup {
    /// telemetry.on_warnings(|warnings| {
    ///     for warning in warnings {
    ///         println!("{}; {}", warning.what(), warning.instead());
    ///     }
    /// })
    /// # }
    /// # fn main() {}
    /// ```
    pub fn on_warnings(mut self, tell: impl FnOnce(&SetupWarnings) + Send + 'static) -> Self {
        self.on_warnings = Some(Box::new(tell));
        self
    }

    /// Told what was delivered and what was lost when the guard is dropped, instead of standard
    /// error.
    pub fn on_report(mut self, tell: impl FnOnce(&Report) + Send + 'static) -> Self {
        self.on_report = Some(Box::new(tell));
        self
    }
}

/// Neither keys nor headers nor the values of variables.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&String> = self.chosen.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Setup")
            .field("contract", &self.description.name)
            .field("protocol", &self.chosen.protocol)
            .field("headers", &headers)
            .field("variables", &self.environment)
            .field("providers", &self.providers)
            .field("bound", &self.bound)
            .finish_non_exhaustive()
    }
}
