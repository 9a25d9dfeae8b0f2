//! Every way in which the spans of operations come to be: held by operations, or made by a provider that was handed over.

use crate::test_vocabulary::{billing, forms};
use opentelemetry::trace::{Link, SpanId, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{
    Sampler, SamplingResult, SdkTracerProvider, ShouldSample, Span, SpanData, SpanProcessor,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A processor that keeps spans which have ended.
#[derive(Clone, Debug, Default)]
pub struct Keeps(Arc<Mutex<Vec<SpanData>>>);

impl Keeps {
    /// What has ended since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SpanProcessor for Keeps {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// One way, and what comes out of it.
#[derive(Debug)]
pub struct Road {
    /// For messages.
    pub name: &'static str,
    /// Whether operations hold their spans.
    pub holds: bool,
    /// Spans that have ended.
    pub spans: Keeps,
    records: InMemoryLogExporter,
    guard: Option<billing::setup::Guard>,
}

impl Road {
    /// The trace and the span of each log record since the last time.
    ///
    /// # Panics
    ///
    /// When the exporter is broken.
    #[must_use]
    pub fn take_records(&self) -> Vec<Option<(TraceId, SpanId)>> {
        if let Some(guard) = &self.guard {
            let _ = guard.flush();
        }
        let records = self.records.get_emitted_logs();
        self.records.reset();
        let records = records.expect("the exporter keeps everything in memory");
        let context = |record: &LogDataWithResource| {
            let context = record.record.trace_context()?;
            Some((context.trace_id, context.span_id))
        };
        records.iter().map(context).collect()
    }
}

/// Waits until no other test of this binary installs providers, which are the process's.
#[must_use = "the turn is over when this is dropped"]
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A set-up that exports nothing by itself.
pub fn set_up(sampler: &str, argument: Option<&str>) -> billing::setup::Setup {
    let resource = billing::Resource {
        service_name: "test".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none = ["TRACES", "METRICS", "LOGS"].map(|one| (format!("OTEL_{one}_EXPORTER"), "none"));
    let sampler = [("OTEL_TRACES_SAMPLER".to_owned(), sampler)];
    let argument = argument.map(|argument| ("OTEL_TRACES_SAMPLER_ARG".to_owned(), argument));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(none.into_iter().chain(sampler).chain(argument))
}

/// Takes every road in turn; each check is done twice, since an operation relies on what its first call has learned of
/// the sampler. `root`: whether traces that begin here are sampled.
///
/// # Panics
///
/// When a set-up cannot be installed.
pub fn on_every_road(root: bool, check: impl Fn(&Road)) {
    let _turn = turn();
    let twice = |name: &'static str, holds: bool, install: &dyn Fn(&mut Road)| {
        let mut road = Road {
            name,
            holds,
            spans: Keeps::default(),
            records: InMemoryLogExporter::default(),
            guard: None,
        };
        install(&mut road);
        check(&road);
        check(&road);
    };
    let variable = if root {
        "parentbased_always_on"
    } else {
        "parentbased_always_off"
    };
    let follows = || {
        let root = if root {
            Sampler::AlwaysOn
        } else {
            Sampler::AlwaysOff
        };
        Sampler::ParentBased(Box::new(root))
    };
    let by_set_up = |road: &mut Road, sampler: Option<Sampler>| {
        let mut setup = set_up(variable, None)
            .with_span_end_processor(road.spans.clone())
            .with_log_exporter(road.records.clone());
        if let Some(sampler) = sampler {
            setup = setup.sampler(sampler);
        }
        road.guard = Some(setup.install().expect("nothing is wrong with it"));
    };
    let provider = |road: &Road, sampler: Box<dyn ShouldSample>| {
        SdkTracerProvider::builder()
            .with_sampler(BoxedSampler(sampler))
            .with_span_processor(road.spans.clone())
            .build()
    };
    let loggers = |road: &Road| {
        let exporter = road.records.clone();
        SdkLoggerProvider::builder()
            .with_simple_exporter(exporter)
            .build()
    };
    let handed_over = |road: &Road, sampler: Box<dyn ShouldSample>| {
        forms::Providers::new()
            .with_tracer_provider(provider(road, sampler))
            .with_logger_provider(loggers(road))
            .install();
    };
    twice("a set-up", true, &|road| by_set_up(road, None));
    twice("a set-up with a sampler of its own", true, &|road| {
        by_set_up(road, Some(follows()));
    });
    twice("a provider with a sampler of its own", false, &|road| {
        handed_over(road, Box::new(follows()));
    });
    if root {
        twice("a provider with the contract's sampler", false, &|road| {
            handed_over(road, Box::new(forms::VOCABULARY.sampler()));
        });
    }
    twice("the provider of the globals, boxed", false, &|road| {
        global::set_tracer_provider(provider(road, Box::new(follows())));
        forms::Providers::new()
            .with_logger_provider(loggers(road))
            .install();
    });
}

/// The builder takes samplers by their type.
#[derive(Clone, Debug)]
struct BoxedSampler(Box<dyn ShouldSample>);

impl ShouldSample for BoxedSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        self.0
            .should_sample(parent, trace_id, name, kind, attributes, links)
    }
}
