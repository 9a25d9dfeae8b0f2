//! The builder that `billing::telemetry(…)` starts.

use super::delivery::{Counts, Deliveries, Report};
use super::environment::{Environment, Reader};
use super::guard::{Guard, Installed, OnReport};
use super::providers::{self, MakeMeters, MakeTracers, MeterParts, TracerParts, View};
use super::sampler::ContractSampler;
use super::settings::{Chosen, Propagator, Settings, option};
use super::transport::{IoThread, Limits};
use super::{Protocol, SetupErrors, Signal, resource};
use crate::definition::ContractDefinition;
use crate::description::Contract;
use crate::telemetry::Providers;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{Instrument, Stream};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter};
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
}

/// Telemetry about to be set up. Nothing happens before [`install`](Self::install).
#[must_use = "nothing is set up before `install`"]
pub struct Setup {
    description: &'static Contract,
    contracts: Vec<&'static ContractDefinition>,
    resource: Vec<KeyValue>,
    environment: Option<Environment>,
    chosen: Chosen,
    exporters: OwnExporters,
    providers: Providers,
    sampler: Option<Box<dyn ShouldSample>>,
    propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
    views: Vec<View>,
    #[cfg(feature = "hash")]
    key: Option<super::key::Key>,
    bound: Duration,
    on_report: Option<OnReport>,
}

/// Exporters given in code.
#[derive(Default)]
struct OwnExporters {
    spans: Option<MakeTracers>,
    points: Option<MakeMeters>,
    #[cfg(feature = "logs")]
    records: Option<providers::MakeLoggers>,
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
            chosen: Chosen::default(),
            exporters: OwnExporters::default(),
            providers: Providers::new(),
            sampler: None,
            propagator: None,
            views: Vec::new(),
            #[cfg(feature = "hash")]
            key: None,
            bound: Duration::from_secs(5),
            on_report: None,
        }
    }

    /// Sends everything here, whatever the variables say: `http://collector:4318`, without a path.
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

    /// Bounds every export, instead of `OTEL_EXPORTER_OTLP_TIMEOUT`.
    pub fn export_timeout(mut self, timeout: Duration) -> Self {
        self.chosen.timeout = Some(timeout);
        self
    }

    /// Exports metrics this often, instead of `OTEL_METRIC_EXPORT_INTERVAL`.
    pub fn metric_interval(mut self, interval: Duration) -> Self {
        self.chosen.metric_interval = Some(interval);
        self
    }

    /// Samples by this instead of the contract and `OTEL_TRACES_SAMPLER`.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Propagates by this instead of `OTEL_PROPAGATORS`.
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

    /// Serves another contract as well: its view and its sampling.
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
    ///     Some("`BILLING_HASH_KEY` is to hold the protection key, and is not set")
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
        self.exporters.spans = Some(Box::new(|parts| providers::tracers(exporter, parts)));
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

    /// Reads these variables instead of those of the process. What is left unsaid the SDK may still
    /// take from the process: the limits of spans, and compression.
    pub fn variables<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        self.environment = Some(variables.into_iter().collect());
        self
    }

    /// How long shutting down may take.
    pub fn shutdown_within(mut self, bound: Duration) -> Self {
        self.bound = bound;
        self
    }

    /// Told what was delivered and what was lost when the guard is dropped, instead of standard
    /// error.
    pub fn on_report(mut self, tell: impl FnOnce(&Report) + Send + 'static) -> Self {
        self.on_report = Some(Box::new(tell));
        self
    }

    /// Makes the providers and installs them for the process.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the variables, the options and the resource, at once. Nothing is
    /// installed then. With `OTEL_SDK_DISABLED=true` nothing is installed either, and nothing wrong.
    pub fn install(mut self) -> Result<Guard, SetupErrors> {
        let environment = self.environment.take();
        let environment = environment.unwrap_or_else(Environment::of_process);
        let mut reader = Reader::new(&environment);
        let mut settings = Settings::read(&mut reader, &self.chosen);
        #[cfg(feature = "hash")]
        let key = self.key.take().and_then(|key| key.read(&mut reader));
        if settings.disabled {
            self.propagate(&settings.propagators);
            return Ok(self.guard(Installed::default(), deliveries(&settings), None));
        }
        self.check(&mut reader);
        SetupErrors::of(reader.faults)?;
        let transport = Transport::make(&settings)?;
        #[cfg(feature = "hash")]
        if let Some(key) = key {
            key.set();
        }
        let given = std::mem::take(&mut self.resource);
        let environment = std::mem::take(&mut settings.resource);
        let resource = resource::resource(given, environment);
        let deliveries = deliveries(&settings);
        let (installed, io) = self.make(settings, transport, &resource, &deliveries);
        self.provide(&installed);
        Ok(self.guard(installed, deliveries, io))
    }

    /// What is wrong with what code gives.
    fn check(&self, reader: &mut Reader<'_>) {
        for fault in resource::check(self.description, &self.resource) {
            reader.fault(fault);
        }
        for (name, time) in [
            ("export_timeout", self.chosen.timeout),
            ("metric_interval", self.chosen.metric_interval),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                reader.fault(option(name, "is given no time", "give more than zero"));
            }
        }
    }

    /// The providers of those signals that have an exporter.
    fn make(
        &mut self,
        settings: Settings,
        transport: Transport,
        resource: &Resource,
        deliveries: &Deliveries,
    ) -> (Installed, Option<IoThread>) {
        let Transport {
            spans,
            points,
            #[cfg(feature = "logs")]
            records,
            io,
        } = transport;
        let sampler = self.sampler.take().unwrap_or_else(|| {
            let sampler = ContractSampler::new(&self.contracts, settings.sampler.clone());
            Box::new(sampler)
        });
        let views = self
            .contracts
            .iter()
            .map(|contract| providers::view(contract));
        let views = views.chain(std::mem::take(&mut self.views)).collect();
        let (spans, limits) = either(self.exporters.spans.take(), spans);
        let tracers = spans.map(|make| {
            make(TracerParts {
                sampler,
                resource: resource.clone(),
                batch: settings.spans,
                counts: deliveries.spans.clone(),
                limits,
            })
        });
        let (points, limits) = either(self.exporters.points.take(), points);
        let meters = points.map(|make| {
            make(MeterParts {
                views,
                resource: resource.clone(),
                interval: settings.metric_interval,
                counts: deliveries.points.clone(),
                limits,
            })
        });
        #[cfg(feature = "logs")]
        let (records, limits) = either(self.exporters.records.take(), records);
        #[cfg(feature = "logs")]
        let loggers = records.map(|make| {
            make(providers::LoggerParts {
                resource: resource.clone(),
                batch: settings.records,
                counts: deliveries.records.clone(),
                limits,
            })
        });
        let installed = Installed {
            tracers,
            meters,
            #[cfg(feature = "logs")]
            loggers,
        };
        self.propagate(&settings.propagators);
        (installed, io)
    }

    fn propagate(&mut self, named: &[Propagator]) {
        if let Some(own) = self.propagator.take() {
            global::set_text_map_propagator(TextMapCompositePropagator::new(vec![own]));
            return;
        }
        let propagator = |named: &Propagator| -> Box<dyn TextMapPropagator + Send + Sync> {
            match named {
                Propagator::TraceContext => Box::new(TraceContextPropagator::new()),
                Propagator::Baggage => Box::new(BaggagePropagator::new()),
            }
        };
        let propagators = named.iter().map(propagator).collect();
        global::set_text_map_propagator(TextMapCompositePropagator::new(propagators));
    }

    /// Hands the providers to every contract of the process.
    fn provide(&mut self, installed: &Installed) {
        let mut providers = std::mem::take(&mut self.providers);
        if let Some(tracers) = &installed.tracers {
            providers = providers.with_tracer_provider(tracers.clone());
        }
        if let Some(meters) = &installed.meters {
            providers = providers.with_meter_provider(meters.clone());
        }
        providers.install();
    }

    fn guard(self, providers: Installed, deliveries: Deliveries, io: Option<IoThread>) -> Guard {
        if let Some(meters) = &providers.meters {
            deliveries.measure(meters);
        }
        Guard {
            providers,
            deliveries,
            io,
            bound: self.bound,
            on_report: self.on_report,
            done: false,
        }
    }
}

fn deliveries(settings: &Settings) -> Deliveries {
    Deliveries {
        spans: Counts::new(settings.spans.queue),
        points: Counts::new(usize::MAX),
        records: Counts::new(settings.records.queue),
    }
}

/// The user's exporter, else the one of the variables.
fn either<M>(own: Option<M>, other: Option<(M, Limits)>) -> (Option<M>, Limits) {
    match (own, other) {
        (Some(own), _) => (Some(own), Limits::default()),
        (None, Some((other, limits))) => (Some(other), limits),
        (None, None) => (None, Limits::default()),
    }
}

/// What exports by the variables.
#[derive(Default)]
struct Transport {
    spans: Option<(MakeTracers, Limits)>,
    points: Option<(MakeMeters, Limits)>,
    #[cfg(feature = "logs")]
    records: Option<(providers::MakeLoggers, Limits)>,
    io: Option<IoThread>,
}

impl Transport {
    /// Without an exporter compiled in, asking for one was a fault before.
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[allow(clippy::unnecessary_wraps)] // It is the same function with an exporter.
    fn make(_settings: &Settings) -> Result<Self, SetupErrors> {
        Ok(Self::default())
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn make(settings: &Settings) -> Result<Self, SetupErrors> {
        let made = super::transport::Exporters::make(settings)?;
        let spans = made.spans.map(|(exporter, limits)| {
            let make: MakeTracers = Box::new(|parts| providers::tracers(exporter, parts));
            (make, limits)
        });
        let points = made.points.map(|(exporter, limits)| {
            let make: MakeMeters = Box::new(|parts| providers::meters(exporter, parts));
            (make, limits)
        });
        #[cfg(feature = "logs")]
        let records = made.records.map(|(exporter, limits)| {
            let make: providers::MakeLoggers =
                Box::new(|parts| providers::loggers(exporter, parts));
            (make, limits)
        });
        Ok(Self {
            spans,
            points,
            #[cfg(feature = "logs")]
            records,
            io: made.io,
        })
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
