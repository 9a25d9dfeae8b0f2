//! From a builder to installed providers: read, check, make, and only then install.

use super::builder::Setup;
use super::counted::Held;
use super::delivery::{Counts, Deliveries};
use super::environment::{Environment, Reader};
use super::guard::{Guard, Installed};
use super::guarded::Guarded;
use super::propagator::BaggagePropagator;
use super::providers::{self, MakeMeters, MakeSpans, MeterParts, SpanParts};
use super::sampler::ContractSampler;
use super::settings::{Propagator, Settings, option};
use super::transport::{Closing, IoThread};
use super::{SetupErrors, resource};
use crate::span::Pipeline;
use crate::telemetry::Unfinished;
use opentelemetry::global;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SpanProcessor;
use std::sync::Arc;

impl Setup {
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
        let mut deliveries = deliveries(&settings);
        let transport = Transport::make(&settings, &deliveries)?;
        #[cfg(feature = "hash")]
        if let Some(key) = key {
            key.set();
        }
        let given = std::mem::take(&mut self.resource);
        let environment = std::mem::take(&mut settings.resource);
        let resource = resource::resource(given, environment);
        let (installed, io) = self.make(settings, transport, &resource, &deliveries);
        deliveries.unfinished = self.count(&installed);
        self.provide(&installed, &deliveries);
        Ok(self.guard(installed, deliveries, io))
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
            .map(|contract| providers::view(contract));
        let views = views.chain(std::mem::take(&mut self.views)).collect();
        let spans = self.exporters.spans.take().or(spans);
        let processors = std::mem::take(&mut self.processors).into_iter();
        let hold = |processor| Box::new(Held::new(processor, deliveries.spans.clone()));
        let mut processors: Vec<Box<dyn SpanProcessor>> =
            processors.map(|one| hold(one) as Box<_>).collect();
        processors.extend(spans.map(|make| {
            make(SpanParts {
                batch: settings.spans,
                counts: deliveries.spans.clone(),
            })
        }));
        let spans = (!processors.is_empty()).then(|| {
            let own = self.sampler.take();
            let is_predictable = own.is_none();
            let sampler = own.unwrap_or_else(|| {
                let sampler = ContractSampler::new(&self.contracts, settings.sampler.clone());
                Box::new(sampler)
            });
            Pipeline::new(sampler, is_predictable, processors, resource)
        });
        let tracers = spans.map(|spans| {
            let tracers = spans.provider(resource.clone());
            let providers = std::mem::take(&mut self.providers);
            self.providers = providers.with_pipeline(spans, tracers.clone());
            tracers
        });
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
                Propagator::Baggage => {
                    let contracts = self.contracts.iter().map(|contract| &contract.baggage);
                    Box::new(BaggagePropagator::new(contracts))
                }
            }
        };
        let propagators = named.iter().map(propagator).collect();
        global::set_text_map_propagator(TextMapCompositePropagator::new(propagators));
    }

    /// Counts operations while they run, where what they record is to be delivered.
    fn count(&mut self, installed: &Installed) -> Option<Arc<Unfinished>> {
        let (spans, points) = (installed.tracers.is_some(), installed.meters.is_some());
        let unfinished = (spans || points).then(|| Arc::new(Unfinished::new(spans, points)))?;
        let providers = std::mem::take(&mut self.providers);
        self.providers = providers.with_unfinished(unfinished.clone());
        Some(unfinished)
    }

    /// Hands the other providers to every contract of the process too.
    fn provide(&mut self, installed: &Installed, deliveries: &Deliveries) {
        let mut providers = std::mem::take(&mut self.providers);
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
