//! From a builder to installed providers: read, check, make, and only then install.

use super::builder::Setup;
use super::closing::Closing;
use super::deliveries::Deliveries;
use super::delivery::Counts;
use super::environment::{Environment, Reader};
use super::error::option;
use super::guard::{Guard, Installed};
use super::guarded::Guarded;
use super::propagator::SetupPropagator;
use super::providers::{self, MakeMeters, MakeSpans, MeterParts, SpanParts, View};
use super::sampler::{ContractSampler, Fallback};
use super::settings::{self, Propagator, Settings};
use super::transport::IoThread;
use super::warning::SetupWarnings;
use super::{SetupError, SetupErrors, resource};
use crate::local;
use crate::propagation::{Edge, Formats, OwnPropagator};
use crate::span::{Pipeline, Processors};
use crate::telemetry::Unfinished;
use opentelemetry::global;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::sync::{Arc, mpsc};
use std::time::Duration;

impl Setup {
    /// Makes the providers and installs them for the process.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the options, the resource and the variables, at once; or that the SDK could not make
    /// its processors within five seconds ([`SetupError::Blocked`]). Nothing is installed
    /// then. A variable whose value can be ignored is no error unless the set-up is [strict](Self::strict): it is
    /// written to standard error, and the guard [has it](Guard::warnings). With `OTEL_SDK_DISABLED=true` nothing
    /// is installed either, and nothing wrong.
    pub fn install(mut self) -> Result<Guard, SetupErrors> {
        let environment = self.environment.take();
        let environment = environment.unwrap_or_else(Environment::of_process);
        let mut reader = Reader::new(&environment).strict(self.is_strict);
        let mut settings = Settings::read(&mut reader, &self.chosen);
        #[cfg(feature = "hash")]
        let key = self.key.take().and_then(|key| key.read(&mut reader));
        if settings.disabled {
            let warnings = SetupWarnings::new(settings::of_propagators(&environment));
            warnings.report(self.on_warnings.take());
            self.propagate(&settings.propagators);
            let installed = Installed::default();
            return Ok(self.guard(installed, deliveries(&settings), None, warnings));
        }
        self.check(&mut reader);
        let attributes = std::mem::take(&mut settings.resource);
        let environment = resource::of_environment(&mut reader, &self.resource, attributes);
        let warnings = SetupErrors::of(reader.faults, SetupWarnings::new(reader.warnings))?;
        let mut deliveries = deliveries(&settings);
        let transport = Transport::make(&settings, &deliveries)
            .map_err(|errors| errors.with_warnings(&warnings))?;
        warnings.report(self.on_warnings.take());
        #[cfg(feature = "hash")]
        if let Some(key) = key {
            key.set();
        }
        let given = std::mem::take(&mut self.resource);
        let resource = resource::resource(given, environment, self.description.schema_url);
        let exports_spans = settings.traces.is_some()
            || self.exporters.spans.is_some()
            || !self.processors.is_empty();
        let propagators = std::mem::take(&mut settings.propagators);
        let counts = deliveries.clone();
        let (mut this, installed, io) = aside(move || {
            let (installed, io) = self.make(settings, transport, &resource, &counts);
            (self, installed, io)
        })?;
        this.propagate(&propagators);
        deliveries.unfinished = this.count(exports_spans, &installed);
        // Before callbacks of the service are known to the provider: it waits while one of them runs.
        if let Some(meters) = &installed.meters {
            deliveries.measure(meters);
        }
        this.provide(&installed, &deliveries);
        Ok(this.guard(installed, deliveries, io, warnings))
    }

    /// What is wrong with what code gives.
    fn check(&self, reader: &mut Reader<'_>) {
        for fault in resource::check(self.description, &self.resource) {
            reader.fault(fault);
        }
        if self.providers.has_tracers() && !self.processors.is_empty() {
            reader.fault(option(
                "with_span_end_processor",
                "is given beside a tracer provider of your own, whose spans it would not see",
                "add the processor to that provider",
            ));
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
        let views = self
            .contracts
            .iter()
            .map(|contract| providers::view(contract, settings.exponential));
        let mut views: Vec<View> = views.chain(std::mem::take(&mut self.views)).collect();
        if settings.exponential {
            views = providers::with_exponential_histograms(views);
        }
        let spans = self.exporters.spans.take().or(spans);
        let mut processors = std::mem::take(&mut self.processors);
        processors.extend(spans.map(|make| {
            make(SpanParts {
                batch: settings.spans,
                counts: deliveries.spans.clone(),
            })
        }));
        let counts = deliveries.spans.clone();
        let processors = Processors::new(processors, move |message| {
            counts.broke(&format!("a span processor {message}"));
        });
        let tracers = self.pipeline(&settings, processors, resource);
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
                batch: settings.records,
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

    /// Makes the pipeline of spans and its provider, unless code gave a tracer provider. Without an exporter operations
    /// still have identities, which are propagated and appear in logs.
    fn pipeline(
        &mut self,
        settings: &Settings,
        processors: Processors,
        resource: &Resource,
    ) -> Option<SdkTracerProvider> {
        if self.providers.has_tracers() {
            return None;
        }
        let own = self.sampler.take();
        let is_predictable = own.is_none();
        let sampler = own.unwrap_or_else(|| {
            // What the operator asks for goes before the shares of contracts.
            let (contracts, others) = match settings.sampler.clone() {
                Some(asked) => (&[][..], asked),
                None => (&self.contracts[..], Fallback::parent(1.0)),
            };
            Box::new(ContractSampler::new(contracts, others))
        });
        let spans = Pipeline::new(sampler, is_predictable, processors, resource)
            .with_distinct_keys()
            .with_limits(settings.span_limits);
        let tracers = spans.provider(resource.clone());
        let providers = std::mem::take(&mut self.providers);
        self.providers = providers.with_pipeline(spans, tracers.clone());
        Some(tracers)
    }

    fn propagate(&mut self, named: &[Propagator]) {
        if let Some(own) = self.propagator.take() {
            let own = OwnPropagator::leak(own);
            Edge::Own(own).install();
            global::set_text_map_propagator(own);
            return;
        }
        let formats: Formats = named.iter().copied().collect();
        let contracts = self.contracts.iter().map(|contract| &contract.baggage);
        Edge::Formats(formats).install();
        global::set_text_map_propagator(SetupPropagator::new(formats, contracts));
    }

    /// Counts operations while they run, where what they record is to be delivered.
    fn count(&mut self, spans: bool, installed: &Installed) -> Option<Arc<Unfinished>> {
        let points = installed.meters.is_some();
        let unfinished = (spans || points).then(|| Arc::new(Unfinished::new(spans, points)))?;
        let providers = std::mem::take(&mut self.providers);
        self.providers = providers.with_unfinished(unfinished.clone());
        Some(unfinished)
    }

    /// Hands the other providers to every contract of the process too.
    fn provide(&mut self, installed: &Installed, deliveries: &Deliveries) {
        let mut providers = std::mem::take(&mut self.providers).with_contracts(&self.contracts);
        if let Some(meters) = &installed.meters {
            let guarded = Guarded::new(meters.clone(), deliveries.points.clone());
            providers = providers.with_guarded_meters(meters, guarded);
        }
        #[cfg(feature = "logs")]
        if let Some(loggers) = &installed.loggers {
            providers = providers.with_logger_provider(loggers.clone());
        }
        providers.install();
    }

    fn guard(
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
            bound: self.bound,
            on_report: self.on_report,
            warnings,
            done: false,
        }
    }
}

/// Has something made on a thread of ours, since the SDK makes instruments for its processors: it waits for the meter
/// provider in the globals, which may be collecting, even on this thread.
fn aside<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T, SetupErrors> {
    const BOUND: Duration = Duration::from_secs(5);
    let (made, is_made) = mpsc::channel();
    let thread = std::thread::Builder::new().name("otel-contract-make".to_owned());
    let work = move || {
        let _phase = local::PhaseGuard::creating();
        let _ = made.send(make());
    };
    let thread = thread.spawn(work).map_err(|error| SetupError::Thread {
        reason: error.to_string(),
    })?;
    match is_made.recv_timeout(BOUND) {
        Ok(made) => Ok(made),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(SetupError::Blocked.into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            // A processor of the user's panicked.
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => Err(SetupError::Blocked.into()),
        },
    }
}

fn deliveries(settings: &Settings) -> Deliveries {
    Deliveries {
        spans: Counts::new(settings.spans.queue),
        points: Counts::new(usize::MAX),
        records: Counts::new(settings.records.queue),
        closing: Arc::new(Closing::default()),
        unfinished: None,
    }
}

/// What exports by the variables.
#[derive(Default)]
struct Transport {
    spans: Option<MakeSpans>,
    points: Option<MakeMeters>,
    #[cfg(feature = "logs")]
    records: Option<providers::MakeLoggers>,
    io: Option<IoThread>,
}

impl Transport {
    /// Without an exporter compiled in, asking for one was a fault before.
    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[allow(clippy::unnecessary_wraps)] // It is the same function with an exporter.
    fn make(_settings: &Settings, _deliveries: &Deliveries) -> Result<Self, SetupErrors> {
        Ok(Self::default())
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn make(settings: &Settings, deliveries: &Deliveries) -> Result<Self, SetupErrors> {
        let made = super::transport::Exporters::make(settings, deliveries)?;
        Ok(Self {
            spans: made.spans.map(|exporter| -> MakeSpans {
                Box::new(|parts| providers::spans(exporter, parts))
            }),
            points: made.points.map(|exporter| -> MakeMeters {
                Box::new(|parts| providers::meters(exporter, parts))
            }),
            #[cfg(feature = "logs")]
            records: made.records.map(|exporter| -> providers::MakeLoggers {
                Box::new(|parts| providers::loggers(exporter, parts))
            }),
            io: made.io,
        })
    }
}
