//! Providers that drop spans at their end, so that only the creation of spans is measured.

use crate::sampler::PeerSampler;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use std::hint::black_box;
use std::time::Duration;

/// Span processor that drops spans.
#[derive(Debug)]
pub(crate) struct DroppingProcessor;

impl SpanProcessor for DroppingProcessor {
    fn on_start(&self, _: &mut Span, _: &opentelemetry::Context) {}

    fn on_end(&self, span: SpanData) {
        drop(black_box(span));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Creates a tracer provider that drops spans.
pub(crate) fn tracer_provider(sampler: PeerSampler) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_span_processor(DroppingProcessor)
        .with_sampler(sampler)
        .build()
}

/// Creates a meter provider whose metrics are never collected.
pub(crate) fn meter_provider() -> SdkMeterProvider {
    SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .build()
}

/// Creates a meter provider with the view of the contract. Its metrics are never collected.
pub(crate) fn meter_provider_with_view() -> SdkMeterProvider {
    SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .with_view(crate::bench::view)
        .build()
}
