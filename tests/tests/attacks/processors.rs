//! Samplers, processors, exporters and other code that the SDK calls while it records; all of them use contracts.

use crate::support::TestProviders;
use crate::support::{Exported, carry, count_a_job, emit_carried_event, job, run_invoice, setup};
use opentelemetry::logs::AnyValue;
use opentelemetry::metrics::{
    Counter, InstrumentBuilder, InstrumentProvider, Meter, MeterProvider, SyncInstrument,
};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::SpanId;
use opentelemetry::trace::{Link, SpanKind, TraceId, TracerProvider as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLoggerProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::resource::{Resource, ResourceDetector};
use opentelemetry_sdk::trace::{
    IdGenerator, InMemorySpanExporter, RandomIdGenerator, Sampler, SamplingResult,
    SdkTracerProvider, ShouldSample, Span, SpanData, SpanExporter, SpanProcessor,
};
use std::sync::Arc;
use std::time::Duration;
use test_vocabulary::measures;

/// Records every kind of signal.
fn everything() {
    job();
    carry();
    count_a_job();
    emit_carried_event();
    run_invoice();
}

/// Records every kind of signal in each of its methods.
#[derive(Clone, Copy, Debug)]
struct Hostile;

impl ShouldSample for Hostile {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        everything();
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl SpanProcessor for Hostile {
    fn on_start(&self, _: &mut Span, _: &Context) {
        everything();
    }

    fn on_end(&self, _: SpanData) {
        everything();
    }

    fn force_flush(&self) -> OTelSdkResult {
        everything();
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        everything();
        Ok(())
    }
}

impl SpanExporter for Hostile {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        everything();
        Ok(())
    }
}

impl LogProcessor for Hostile {
    fn emit(&self, record: &mut SdkLogRecord, _: &InstrumentationScope) {
        use opentelemetry::logs::LogRecord as _;
        everything();
        record.add_attribute("seen", AnyValue::Boolean(true));
    }

    fn force_flush(&self) -> OTelSdkResult {
        everything();
        Ok(())
    }
}

impl IdGenerator for Hostile {
    fn new_trace_id(&self) -> TraceId {
        everything();
        RandomIdGenerator::default().new_trace_id()
    }

    fn new_span_id(&self) -> SpanId {
        everything();
        RandomIdGenerator::default().new_span_id()
    }
}

impl ResourceDetector for Hostile {
    fn detect(&self) -> Resource {
        everything();
        Resource::builder_empty().build()
    }
}

impl TextMapPropagator for Hostile {
    fn inject_context(&self, _: &Context, _: &mut dyn Injector) {
        everything();
    }

    fn extract_with_context(&self, context: &Context, _: &dyn Extractor) -> Context {
        everything();
        context.clone()
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&[])
    }
}

/// Makes instruments that are not the SDK's.
impl MeterProvider for Hostile {
    fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
        everything();
        Meter::new(Arc::new(*self))
    }
}

impl InstrumentProvider for Hostile {
    fn u64_counter(&self, _: InstrumentBuilder<'_, Counter<u64>>) -> Counter<u64> {
        everything();
        Counter::new(Arc::new(*self))
    }
}

impl SyncInstrument<u64> for Hostile {
    fn measure(&self, _: u64, _: &[KeyValue]) {
        everything();
    }
}

attacks! {
    fn sampler_and_processor_of_a_set_up_use_contracts() {
        let exported = Exported::default();
        let setup = exported.setup().sampler(Hostile).with_span_end_processor(Hostile);
        let guard = setup.propagator(Hostile).install().expect("a valid set-up");
        job();
        opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.inject(&mut std::collections::HashMap::new());
        });
        let _ = guard.shutdown();
        // Operations that the sampler and the processor start while they handle the span of another operation are not
        // recorded. The propagator is called outside of operations, so the operations that it starts are recorded.
        assert_eq!(exported.named("job.run"), 2);
        assert!(exported.counted("jobs") >= 3, "measurements are recorded in all methods");
    }

    fn an_exporter_of_a_set_up() {
        let exported = Exported::default();
        let setup = setup().with_span_exporter(Hostile).with_log_exporter(exported.records.clone());
        let guard = setup.on_report(|_| everything()).install().expect("a valid set-up");
        everything();
        guard.flush();
        drop(guard);
        everything();
    }

    fn every_part_of_a_tracer_provider_uses_contracts() {
        let spans = InMemorySpanExporter::default();
        let tracers = SdkTracerProvider::builder()
            .with_id_generator(Hostile)
            .with_sampler(Hostile)
            .with_span_processor(Hostile)
            .with_simple_exporter(Hostile)
            .with_simple_exporter(spans.clone())
            .with_resource(Resource::builder().with_detector(Box::new(Hostile)).build())
            .build();
        let meters = otel_contract_tests::points::Meters::with_view(measures::view);
        let loggers = SdkLoggerProvider::builder().with_log_processor(Hostile).build();
        measures::Providers::new()
            .with_tracer_provider(tracers.clone())
            .with_meter_provider(meters.provider.clone())
            .with_logger_provider(loggers)
            .install();
        everything();
        tracers.force_flush().expect("flushed");
        let spans = spans.get_finished_spans().expect("records are in memory");
        assert!(spans.iter().any(|span| span.name == "job.run"));
        assert!(meters.text().iter().any(|line| line.starts_with("jobs{")));
    }

    fn a_tracer_provider_in_the_globals() {
        let tracers = SdkTracerProvider::builder()
            .with_sampler(Hostile)
            .with_span_processor(Hostile)
            .build();
        opentelemetry::global::set_tracer_provider(tracers);
        everything();
    }

    fn instruments_of_a_foreign_provider() {
        TestProviders::installed();
        measures::Providers::new().with_meter_provider(Hostile).install();
        everything();
    }

    fn instruments_of_a_foreign_provider_in_the_globals() {
        opentelemetry::global::set_meter_provider(Hostile);
        everything();
    }

    fn a_foreign_provider_that_panics() {
        struct Panics;
        impl MeterProvider for Panics {
            fn meter_with_scope(&self, _: InstrumentationScope) -> Meter {
                panic!("a provider that panics")
            }
        }
        let spans = InMemorySpanExporter::default();
        let tracers = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
        measures::Providers::new()
            .with_tracer_provider(tracers)
            .with_meter_provider(Panics)
            .install();
        job();
        count_a_job();
        assert_eq!(spans.get_finished_spans().expect("records are in memory").len(), 1);
    }

    fn providers_that_use_contracts_when_they_are_dropped() {
        #[derive(Debug)]
        struct Dropped(SdkMeterProvider);
        impl Drop for Dropped {
            fn drop(&mut self) {
                everything();
                TestProviders::installed();
            }
        }
        impl MeterProvider for Dropped {
            fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
                self.0.meter_with_scope(scope)
            }
        }
        opentelemetry::global::set_meter_provider(Dropped(SdkMeterProvider::default()));
        everything();
        TestProviders::installed();
        everything();
    }

    fn a_span_of_other_instrumentation_below_a_hostile_sampler() {
        use opentelemetry::trace::Tracer as _;
        let exported = Exported::default();
        let setup = exported.setup().sampler(Hostile).with_span_end_processor(Hostile);
        let guard = setup.install().expect("a valid set-up");
        let tracer = guard.tracer_provider().expect("a provider").tracer("other");
        tracer.in_span("other", |_| job());
        let _ = guard.shutdown();
        assert_eq!(exported.named("other"), 1);
    }
}
