//! An operation exports the same span with a user-supplied SDK provider, where it is an SDK span, and under a set-up,
//! where the operation buffers its span. This is a separate binary, since providers belong to the process.

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

/// Span processor that keeps ended spans.
#[derive(Clone, Debug, Default)]
struct EndedSpans(Arc<Mutex<Vec<SpanData>>>);

impl EndedSpans {
    fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SpanProcessor for EndedSpans {
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

/// Sampler that decides by name and attributes, and adds an attribute.
#[derive(Clone, Debug)]
struct NameSampler;

impl ShouldSample for NameSampler {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        _: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // For an operation, a sampler may attach a context. For other spans, attaching would panic in the SDK's
        // `Tracer::start`.
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
            trace_state: TraceState::from_key_value([("sampler", "y")])
                .expect("a well-formed trace state"),
        }
    }
}

fn setup() -> billing::setup::Setup {
    let resource = billing::Resource {
        service_name: "test".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let without_exporters =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(without_exporters)
}

/// Runs every case and returns its exported spans as text. Each case runs twice, since the second run relies on the
/// sampling prediction of the first.
fn run(ended: &EndedSpans) -> Vec<String> {
    let cases = CASES.iter().map(|(name, case)| {
        case();
        case();
        format!("{name}\n{}", text(&ended.take()))
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

/// The comparisons run one after another, because the process has one set of providers.
#[test]
fn a_set_up_exports_the_same_spans_as_an_sdk_provider() {
    views_may_attach_a_context();
    // The sampler of the contracts, whose decision is predicted after the first call.
    let ended = EndedSpans::default();
    forms::Providers::new()
        .with_tracer_provider(
            SdkTracerProvider::builder()
                .with_sampler(forms::VOCABULARY.sampler())
                .with_span_processor(ended.clone())
                .build(),
        )
        .install();
    let expected = run(&ended);
    let guard = setup().with_span_end_processor(ended.clone()).install();
    let guard = guard.expect("a valid set-up");
    compare(&expected, &run(&ended));
    // Two processors receive the same spans.
    drop(guard);
    let (one, other) = (EndedSpans::default(), EndedSpans::default());
    let both = setup()
        .with_span_end_processor(one.clone())
        .with_span_end_processor(other.clone());
    let guard = both.install().expect("a valid set-up");
    compare(&expected, &run(&one));
    assert!(text(&other.take()).lines().count() > expected.len());

    // An operation that is active at the shutdown is counted as unfinished; operations after the shutdown are not
    // recorded.
    let active = forms::PlainRun {}.start();
    assert_eq!(guard.shutdown().unfinished, 1);
    active.succeed();
    plain();
    assert_eq!(text(&one.take()), "");

    // A user-supplied sampler, which is called each time.
    forms::Providers::new()
        .with_tracer_provider(
            SdkTracerProvider::builder()
                .with_sampler(NameSampler)
                .with_span_processor(ended.clone())
                .build(),
        )
        .install();
    let expected = run(&ended);
    let guard = setup()
        .sampler(NameSampler)
        .with_span_end_processor(ended.clone())
        .install();
    let _guard = guard.expect("a valid set-up");
    compare(&expected, &run(&ended));
}

/// A view may attach a context: otel-contract does not borrow the thread's context while instruments are made.
fn views_may_attach_a_context() {
    let guard = setup()
        .with_metric_exporter(InMemoryMetricExporter::default())
        .with_view(|_| {
            let _guard = Context::new().attach();
            None
        })
        .with_span_end_processor(EndedSpans::default())
        .install();
    let guard = guard.expect("a valid set-up");
    body(plain);
    assert!(guard.shutdown().is_all_delivered());
}

#[test]
fn a_processor_beside_a_user_supplied_provider_is_rejected() {
    let provider = SdkTracerProvider::builder().build();
    let errors = setup()
        .with_tracer_provider(provider)
        .with_span_end_processor(EndedSpans::default())
        .install()
        .expect_err("the processor would receive no spans");
    let message = errors.to_string();
    assert!(message.contains("with_span_end_processor"), "{message}");
}

/// If a span has too many attributes, the attributes of the operation are kept.
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
