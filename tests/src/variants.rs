//! Every variant of set-ups and providers that makes spans of operations: buffered spans of a set-up, and SDK spans of
//! a user-supplied provider.

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

/// Span processor that keeps ended spans.
#[derive(Clone, Debug, Default)]
pub struct EndedSpans(Arc<Mutex<Vec<SpanData>>>);

impl EndedSpans {
    /// Takes the spans that ended since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SpanProcessor for EndedSpans {
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

/// One variant of set-up or provider, with its exported telemetry.
#[derive(Debug)]
pub struct Variant {
    /// Name of the variant, for messages.
    pub name: &'static str,
    /// Whether operations buffer their spans.
    pub is_buffered: bool,
    /// Ended spans.
    pub spans: EndedSpans,
    records: InMemoryLogExporter,
    guard: Option<billing::setup::Guard>,
}

impl Variant {
    /// Takes the trace id and span id of each log record since the last call.
    ///
    /// # Panics
    ///
    /// If the exporter fails.
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

/// Waits until no other test of this binary installs providers: providers belong to the process.
#[must_use = "dropping the guard ends the turn"]
pub fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Builds a set-up without exporters.
pub fn set_up(sampler: &str, argument: Option<&str>) -> billing::setup::Setup {
    let resource = billing::Resource {
        service_name: "test".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    let sampler = [("OTEL_TRACES_SAMPLER".to_owned(), sampler)];
    let argument = argument.map(|argument| ("OTEL_TRACES_SAMPLER_ARG".to_owned(), argument));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(none.into_iter().chain(sampler).chain(argument))
}

/// Runs the check with every variant in turn. Each check runs twice, since later calls of an operation rely on the
/// sampling prediction of the first call. `samples_roots` is whether spans without a parent are sampled.
///
/// # Panics
///
/// If a set-up cannot be installed.
pub fn with_every_variant(samples_roots: bool, check: impl Fn(&Variant)) {
    let _turn = take_turn();
    let twice = |name: &'static str, is_buffered: bool, install: &dyn Fn(&mut Variant)| {
        let mut variant = Variant {
            name,
            is_buffered,
            spans: EndedSpans::default(),
            records: InMemoryLogExporter::default(),
            guard: None,
        };
        install(&mut variant);
        check(&variant);
        check(&variant);
    };
    let variable = if samples_roots {
        "parentbased_always_on"
    } else {
        "parentbased_always_off"
    };
    let parent_based = || {
        let root = if samples_roots {
            Sampler::AlwaysOn
        } else {
            Sampler::AlwaysOff
        };
        Sampler::ParentBased(Box::new(root))
    };
    let by_set_up = |variant: &mut Variant, sampler: Option<Sampler>| {
        let mut setup = set_up(variable, None)
            .with_span_end_processor(variant.spans.clone())
            .with_log_exporter(variant.records.clone());
        if let Some(sampler) = sampler {
            setup = setup.sampler(sampler);
        }
        variant.guard = Some(setup.install().expect("a valid set-up"));
    };
    let provider = |variant: &Variant, sampler: Box<dyn ShouldSample>| {
        SdkTracerProvider::builder()
            .with_sampler(BoxedSampler(sampler))
            .with_span_processor(variant.spans.clone())
            .build()
    };
    let loggers = |variant: &Variant| {
        let exporter = variant.records.clone();
        SdkLoggerProvider::builder()
            .with_simple_exporter(exporter)
            .build()
    };
    let user_supplied = |variant: &Variant, sampler: Box<dyn ShouldSample>| {
        forms::Providers::new()
            .with_tracer_provider(provider(variant, sampler))
            .with_logger_provider(loggers(variant))
            .install();
    };
    twice("a set-up", true, &|variant| by_set_up(variant, None));
    twice("a set-up with another sampler", true, &|variant| {
        by_set_up(variant, Some(parent_based()));
    });
    twice("a provider with another sampler", false, &|variant| {
        user_supplied(variant, Box::new(parent_based()));
    });
    if samples_roots {
        twice(
            "a provider with the contract's sampler",
            false,
            &|variant| {
                user_supplied(variant, Box::new(forms::VOCABULARY.sampler()));
            },
        );
    }
    twice("the provider of the globals, boxed", false, &|variant| {
        global::set_tracer_provider(provider(variant, Box::new(parent_based())));
        forms::Providers::new()
            .with_logger_provider(loggers(variant))
            .install();
    });
}

/// Wraps a boxed sampler, since the builder accepts only samplers of a sized type.
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
