//! What an operation exports does not depend on how its provider came to be: a provider of the SDK that
//! was handed over, whose spans are the SDK's, and a set-up, whose operations hold their spans themselves.
//! A binary of its own, since providers are the process's.

#![allow(missing_docs)]

mod cases;
mod text;

use cases::{CASES, attribute, body, plain};
use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::trace::{
    SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample, Span, SpanData,
    SpanProcessor,
};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use test_vocabulary::{billing, forms};
use text::text;

/// Keeps what has ended.
#[derive(Clone, Debug, Default)]
struct Keeps(Arc<Mutex<Vec<SpanData>>>);

impl Keeps {
    fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SpanProcessor for Keeps {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Decides by name and attributes, and adds some.
#[derive(Clone, Debug)]
struct Chooses;

impl ShouldSample for Chooses {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // Of an operation it may do with the context what it likes; the SDK's `Tracer::start` panics at it.
        let _guard = name.contains("run").then(|| Context::new().attach());
        let large = KeyValue::new("work.kind", "large");
        let decision = match name {
            "sampled.run" if attributes.contains(&large) => SamplingDecision::Drop,
            "full.run" => SamplingDecision::RecordOnly,
            _ => SamplingDecision::RecordAndSample,
        };
        let seen = i64::try_from(links.len()).unwrap_or(i64::MAX);
        SamplingResult {
            decision,
            attributes: vec![KeyValue::new("sampler.links", seen)],
            trace_state: TraceState::from_key_value([("sampler", "y")]).expect("it is well formed"),
        }
    }
}

fn setup() -> billing::setup::Setup {
    let resource = billing::Resource {
        service_name: "test".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let nowhere = ["TRACES", "METRICS", "LOGS"].map(|one| (format!("OTEL_{one}_EXPORTER"), "none"));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(nowhere)
}

/// What every case exports; each is done twice, since what the first learns of the sampler the second
/// relies on.
fn run(keeps: &Keeps) -> Vec<String> {
    let cases = CASES.iter().map(|(name, case)| {
        case();
        case();
        format!("{name}\n{}", text(&keeps.take()))
    });
    cases.collect()
}

fn compare(provider: &[String], set_up: &[String]) {
    assert_eq!(provider.len(), CASES.len());
    for (provider, set_up) in provider.iter().zip(set_up) {
        assert!(
            provider == set_up,
            "the SDK's provider:\n{provider}\n\na set-up:\n{set_up}"
        );
        assert!(
            provider.lines().count() > 1,
            "nothing was exported: {provider}"
        );
    }
}

/// One after the other: there is one set of providers.
#[test]
fn a_set_up_exports_what_a_provider_of_the_sdk_does() {
    views_may_use_the_context();
    // The sampler of the contracts, which is known after the first time.
    let keeps = Keeps::default();
    forms::Providers::new()
        .with_tracer_provider(
            SdkTracerProvider::builder()
                .with_sampler(forms::VOCABULARY.sampler())
                .with_span_processor(keeps.clone())
                .build(),
        )
        .install();
    let expected = run(&keeps);
    let guard = setup().with_span_end_processor(keeps.clone()).install();
    let guard = guard.expect("nothing is wrong with it");
    compare(&expected, &run(&keeps));
    // Two processors get the same.
    drop(guard);
    let (one, other) = (Keeps::default(), Keeps::default());
    let both = setup()
        .with_span_end_processor(one.clone())
        .with_span_end_processor(other.clone());
    let guard = both.install().expect("nothing is wrong with it");
    compare(&expected, &run(&one));
    assert!(text(&other.take()).lines().count() > expected.len());

    // What began before the end of a set-up ends without it and is counted, and what begins after it is not recorded.
    let active = forms::PlainRun {}.start();
    assert_eq!(guard.shutdown().unfinished, 1);
    active.succeed();
    plain();
    assert_eq!(text(&one.take()), "");

    // A sampler of the user's, which is asked each time.
    forms::Providers::new()
        .with_tracer_provider(
            SdkTracerProvider::builder()
                .with_sampler(Chooses)
                .with_span_processor(keeps.clone())
                .build(),
        )
        .install();
    let expected = run(&keeps);
    let guard = setup()
        .sampler(Chooses)
        .with_span_end_processor(keeps.clone())
        .install();
    let _guard = guard.expect("nothing is wrong with it");
    compare(&expected, &run(&keeps));
}

/// What instruments are made by may attach a context: nothing of ours holds the thread's meanwhile.
fn views_may_use_the_context() {
    let guard = setup()
        .with_metric_exporter(InMemoryMetricExporter::default())
        .with_view(|_| {
            let _guard = Context::new().attach();
            None
        })
        .with_span_end_processor(Keeps::default())
        .install();
    let guard = guard.expect("nothing is wrong with it");
    body(plain);
    assert!(guard.shutdown().is_complete());
}

#[test]
fn a_processor_beside_a_provider_of_ones_own_is_refused() {
    let provider = SdkTracerProvider::builder().build();
    let errors = setup()
        .with_tracer_provider(provider)
        .with_span_end_processor(Keeps::default())
        .install()
        .expect_err("the processor would see nothing");
    let told = errors.to_string();
    assert!(told.contains("with_span_end_processor"), "{told}");
}

/// Of more attributes than a span may have, those of the operation stay.
#[test]
fn an_operation_keeps_its_own_attributes() {
    let scope = forms::testing::scope();
    scope.run(|| {
        body(|| {
            Context::map_current(|context| {
                for n in 0..200 {
                    context.span().set_attribute(attribute(n));
                }
            });
        });
    });
    let recording = scope.recorded();
    let span = &recording.spans[0];
    assert_eq!(span.attributes.len(), 128);
    assert!(
        span.attributes
            .iter()
            .any(|(key, _)| key.as_str() == "work.name")
    );
}
