//! Providers whose spans end at once: what is measured is how they are made, not where they go.

use crate::sampler::Says;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use std::hint::black_box;
use std::time::Duration;

/// Takes a span and drops it.
#[derive(Debug)]
pub(crate) struct Drops;

impl SpanProcessor for Drops {
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

/// A tracer provider that keeps nothing.
pub(crate) fn tracers(sampler: Says) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_span_processor(Drops)
        .with_sampler(sampler)
        .build()
}

/// A meter provider that nobody reads.
pub(crate) fn meters() -> SdkMeterProvider {
    SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .build()
}

/// The same with the view of the contract.
pub(crate) fn meters_of_contract() -> SdkMeterProvider {
    SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .with_view(crate::bench::view)
        .build()
}
