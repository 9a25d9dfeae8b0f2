//! Installation of a set-up: reads and checks all settings, makes the providers, and installs them last.

use super::builder::Setup;
use super::deliveries::Deliveries;
use super::delivery::Counts;
use super::detectors::{self, Detector};
use super::environment::{Environment, Reader};
use super::error::option;
use super::guard::{Guard, Installed};
use super::notice::Notices;
use super::outage::Outage;
use super::panic_safe::PanicSafeMeterProvider;
use super::propagator::SetupPropagator;
use super::providers::{self, MakeMeterProvider, MakeSpanProcessor, MeterParts, SpanParts, View};
use super::resource::{self, Sources};
use super::sampler::{ContractSampler, Fallback};
use super::settings::{self, Settings};
use super::shutdown::Shutdown;
use super::transport::IoThread;
use super::warning::SetupWarnings;
use super::{SetupError, SetupErrors, Signal};
use crate::local;
use crate::propagation::{CustomPropagator, Format, Formats, PropagationMode};
use crate::span::{Pipeline, Processors};
use crate::telemetry::Unfinished;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::sync::{Arc, mpsc};
use std::time::Duration;

impl Setup {
    /// Makes the providers and installs them for the process.
    ///
    /// # Errors
    ///
    /// Returns all errors of the options, the resource and the variables at once, or [`SetupError::Blocked`] if the SDK
    /// cannot create its processors within five seconds. Nothing is installed then. An invalid value that can be ignored
    /// causes a warning, or an error if the set-up is [strict](Self::strict). Warnings are written to standard error or
    /// passed to [`on_warnings`](Self::on_warnings), and the guard [returns them](Guard::warnings). With
    /// `OTEL_SDK_DISABLED=true` no provider is installed, and no error is returned.
    pub fn install(mut self) -> Result<Guard, SetupErrors> {
        let environment = self.environment.take();
        let environment = environment.unwrap_or_else(Environment::of_process);
        let mut reader = Reader::new(&environment).strict(self.is_strict);
        let mut settings = Settings::read(&mut reader, &self.options);
        #[cfg(feature = "hash")]
        let key = self.key.take().and_then(|key| key.read(&mut reader));
        let notices = Arc::new(Notices::new(self.on_notice.take()));
        if settings.disabled {
            let warnings = SetupWarnings::new(settings::propagator_warnings(&environment));
            warnings.report(self.on_warnings.take());
            self.install_propagator(&settings.propagators);
            let installed = Installed::default();
            let deliveries = make_deliveries(&settings, &notices);
            return Ok(self.into_guard(installed, deliveries, None, warnings));
        }
        self.check_options(&mut reader);
        let attributes = std::mem::take(&mut settings.resource);
        let added = resource::read_environment(&mut reader, &self.resource, attributes);
        let warnings = SetupErrors::result(reader.errors, SetupWarnings::new(reader.warnings))?;
        let mut deliveries = make_deliveries(&settings, &notices);
        let transport = Transport::make(&settings, &deliveries)
            .map_err(|errors| errors.with_warnings(&warnings))?;
        warnings.report(self.on_warnings.take());
        #[cfg(feature = "hash")]
        if let Some(key) = key {
            key.set();
        }
        #[cfg(feature = "hash")]
        super::key::report_missing(&self.descriptions, &notices);
        let resource = self.build_resource(settings.detectors.take(), added, &environment);
        let exports_spans = settings.otlp_traces.is_some()
            || self.exporters.spans.is_some()
            || !self.processors.is_empty();
        let propagators = std::mem::take(&mut settings.propagators);
        let counts = deliveries.clone();
        let (mut this, installed, io) = on_own_thread(move || {
            let (installed, io) = self.make_providers(settings, transport, &resource, &counts);
            (self, installed, io)
        })?;
        this.install_propagator(&propagators);
        deliveries.unfinished = this.count_unfinished(exports_spans, &installed);
        // The counter is created before the service can register callbacks: creating an instrument blocks while a
        // callback runs.
        if let Some(meters) = &installed.meters {
            deliveries.make_counter(meters);
        }
        this.install_providers(&installed, &deliveries);
        Ok(this.into_guard(installed, deliveries, io, warnings))
    }

    /// Builds the resource. Detected attributes that a contract declares as personal or secret are left out, because
    /// nothing protects them.
    fn build_resource(
        &mut self,
        of_variable: Option<Vec<Detector>>,
        added: Vec<KeyValue>,
        environment: &Environment,
    ) -> Resource {
        let selected = self.detectors.take().or(of_variable);
        let selected = selected.unwrap_or_else(|| Detector::ALL.to_vec());
        let mut detected = detectors::detect(&selected, environment);
        let descriptions = &self.descriptions;
        detected.retain(|detected| {
            let key = detected.key.as_str();
            let mut declared = descriptions
                .iter()
                .filter_map(|contract| contract.attribute(key));
            declared.all(|attribute| attribute.privacy.is_recorded_in_clear())
        });
        let sources = Sources {
            detected,
            added: std::mem::take(&mut self.added_resources),
            environment: added,
            in_code: std::mem::take(&mut self.resource),
        };
        sources.build(self.description.schema_url)
    }

    /// Reports the errors of options and of the resource in code.
    fn check_options(&self, reader: &mut Reader<'_>) {
        for error in resource::check_attributes(self.description, &self.resource) {
            reader.error(error);
        }
        if self.providers.has_tracers() && !self.processors.is_empty() {
            reader.error(option(
                "with_span_end_processor",
                "is combined with `with_tracer_provider(…)`, whose spans the processor would not receive",
                "add the processor to that provider",
            ));
        }
        for (name, time) in [
            ("export_timeout", self.options.timeout),
            ("metric_interval", self.options.metric_interval),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                reader.error(option(name, "is zero", "use a duration above zero"));
            }
        }
    }

    /// Makes the tracer provider, unless code set one, and the meter and logger provider if their signals have an
    /// exporter.
    fn make_providers(
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
        let views = self
            .contracts
            .iter()
            .map(|contract| providers::contract_view(contract, settings.exponential));
        let mut views: Vec<View> = views.chain(std::mem::take(&mut self.views)).collect();
        if settings.exponential {
            views = providers::with_exponential_histograms(views);
        }
        let parts = SpanParts {
            batch: settings.span_batch,
            counts: deliveries.spans.clone(),
        };
        let processors = self.make_processors(spans, parts);
        let tracers = self.make_pipeline(&settings, processors, resource);
        let points = self.exporters.points.take().or(points);
        let meters = points.map(|make| {
            make(MeterParts {
                views,
                resource: resource.clone(),
                interval: settings.metric_interval,
                counts: deliveries.points.clone(),
            })
        });
        #[cfg(feature = "logs")]
        let records = self.exporters.records.take().or(records);
        #[cfg(feature = "logs")]
        let loggers = records.map(|make| {
            make(providers::LoggerParts {
                resource: resource.clone(),
                batch: settings.record_batch,
                counts: deliveries.records.clone(),
                record_limits: settings.record_limits,
            })
        });
        let installed = Installed {
            tracers,
            meters,
            #[cfg(feature = "logs")]
            loggers,
        };
        (installed, io)
    }

    /// Makes the span processors: those set in code, then the processor of the exporter.
    fn make_processors(
        &mut self,
        exporter: Option<MakeSpanProcessor>,
        parts: SpanParts,
    ) -> Processors {
        let counts = parts.counts.clone();
        let make = self.exporters.spans.take().or(exporter);
        let mut processors = std::mem::take(&mut self.processors);
        processors.extend(make.map(|make| make(parts)));
        Processors::new(processors, move |message| {
            counts.record_error(&format!("a span processor {message}"));
        })
    }

    /// Makes the pipeline of spans and its provider, unless code set a tracer provider. Without an exporter, operations
    /// still have ids, which are propagated and appear in logs.
    fn make_pipeline(
        &mut self,
        settings: &Settings,
        processors: Processors,
        resource: &Resource,
    ) -> Option<SdkTracerProvider> {
        if self.providers.has_tracers() {
            return None;
        }
        let in_code = self.sampler.take();
        let is_predictable = in_code.is_none();
        let sampler = in_code.unwrap_or_else(|| {
            // The sampler of `OTEL_TRACES_SAMPLER` takes precedence over the ratios of contracts.
            let (contracts, fallback) = match settings.sampler.clone() {
                Some(fallback) => (&[][..], fallback),
                None => (&self.contracts[..], Fallback::parent_based(1.0)),
            };
            Box::new(ContractSampler::new(contracts, fallback))
        });
        let spans = Pipeline::new(sampler, is_predictable, processors, resource)
            .with_distinct_keys()
            .with_limits(settings.span_limits);
        let tracers = spans.provider(resource.clone());
        let providers = std::mem::take(&mut self.providers);
        self.providers = providers.with_pipeline(spans, tracers.clone());
        Some(tracers)
    }

    fn install_propagator(&mut self, formats: &[Format]) {
        if let Some(propagator) = self.propagator.take() {
            let custom = CustomPropagator::leak(propagator);
            PropagationMode::Custom(custom).install();
            global::set_text_map_propagator(custom);
            return;
        }
        let formats: Formats = formats.iter().copied().collect();
        let contracts = self.contracts.iter().map(|contract| &contract.baggage);
        PropagationMode::Formats(formats).install();
        global::set_text_map_propagator(SetupPropagator::new(formats, contracts));
    }

    /// Starts counting active operations, if the set-up delivers spans or points.
    fn count_unfinished(&mut self, spans: bool, installed: &Installed) -> Option<Arc<Unfinished>> {
        let points = installed.meters.is_some();
        let unfinished = (spans || points).then(|| Arc::new(Unfinished::new(spans, points)))?;
        let providers = std::mem::take(&mut self.providers);
        self.providers = providers.with_unfinished(unfinished.clone());
        Some(unfinished)
    }

    /// Installs the providers for all contracts of the process.
    fn install_providers(&mut self, installed: &Installed, deliveries: &Deliveries) {
        let mut providers = std::mem::take(&mut self.providers).with_contracts(&self.contracts);
        if let Some(meters) = &installed.meters {
            let provider = PanicSafeMeterProvider::new(meters.clone(), deliveries.points.clone());
            providers = providers.with_guarded_meters(meters, provider);
        }
        #[cfg(feature = "logs")]
        if let Some(loggers) = &installed.loggers {
            providers = providers.with_logger_provider(loggers.clone());
        }
        providers.install();
    }

    fn into_guard(
        self,
        providers: Installed,
        deliveries: Deliveries,
        io: Option<IoThread>,
        warnings: SetupWarnings,
    ) -> Guard {
        Guard {
            providers,
            deliveries,
            io,
            time_limit: self.time_limit,
            on_report: self.on_report,
            warnings,
            is_shut_down: false,
        }
    }
}

/// Runs `make` on another thread, within five seconds. Creating a processor of the SDK creates instruments with the
/// global meter provider. Creating an instrument blocks while the provider runs a callback, possibly on this thread.
fn on_own_thread<T: Send + 'static>(
    make: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SetupErrors> {
    const TIME_LIMIT: Duration = Duration::from_secs(5);
    let (sender, receiver) = mpsc::channel();
    let builder = std::thread::Builder::new().name("otel-contract-make".to_owned());
    let work = move || {
        let _phase = local::PhaseGuard::creating();
        let _ = sender.send(make());
    };
    let thread = builder.spawn(work).map_err(|error| SetupError::Thread {
        reason: error.to_string(),
    })?;
    match receiver.recv_timeout(TIME_LIMIT) {
        Ok(made) => Ok(made),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(SetupError::Blocked.into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            // A processor of the user panicked.
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => Err(SetupError::Blocked.into()),
        },
    }
}

fn make_deliveries(settings: &Settings, notices: &Arc<Notices>) -> Deliveries {
    let shutdown = Arc::new(Shutdown::default());
    let counts = |signal, capacity| {
        let outage = Outage::new(signal, notices.clone(), shutdown.clone());
        Counts::observed(capacity, outage)
    };
    Deliveries {
        spans: counts(Signal::Traces, settings.span_batch.queue),
        points: counts(Signal::Metrics, usize::MAX),
        records: counts(Signal::Logs, settings.record_batch.queue),
        shutdown,
        unfinished: None,
    }
}

/// Constructors of the span processor and the providers, around the OTLP exporters that the settings select.
#[derive(Default)]
struct Transport {
    spans: Option<MakeSpanProcessor>,
    points: Option<MakeMeterProvider>,
    #[cfg(feature = "logs")]
    records: Option<providers::MakeLoggerProvider>,
    io: Option<IoThread>,
}

impl Transport {
    /// If no exporter is compiled in, `Settings::read` has reported every signal that needs one.
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[allow(clippy::unnecessary_wraps)] // The signature is the same as with an exporter.
    fn make(_settings: &Settings, _deliveries: &Deliveries) -> Result<Self, SetupErrors> {
        Ok(Self::default())
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn make(settings: &Settings, deliveries: &Deliveries) -> Result<Self, SetupErrors> {
        let made = super::transport::Exporters::make(settings, deliveries)?;
        Ok(Self {
            spans: made.spans.map(|exporter| -> MakeSpanProcessor {
                Box::new(|parts| providers::span_processor(exporter, parts))
            }),
            points: made.points.map(|exporter| -> MakeMeterProvider {
                Box::new(|parts| providers::meter_provider(exporter, parts))
            }),
            #[cfg(feature = "logs")]
            records: made
                .records
                .map(|exporter| -> providers::MakeLoggerProvider {
                    Box::new(|parts| providers::logger_provider(exporter, parts))
                }),
            io: made.io,
        })
    }
}
