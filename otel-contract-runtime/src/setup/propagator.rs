//! The propagator that a set-up installs as OpenTelemetry's global propagator.

use crate::definition::BaggageDefinition;
use crate::propagation::{BAGGAGE, Format, Formats, baggage};
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use std::sync::LazyLock;

/// Propagates W3C Baggage, limited to the attributes that contracts list under `baggage`.
///
/// A set-up installs it in place of the SDK's `BaggagePropagator`, which accepts all baggage of a request, including
/// personal data, and sends it to every service that is called. This propagator only sends listed keys, each with a value
/// that is valid for its attribute. Received baggage is filtered by the same rules before it enters the context, so no code
/// can read other baggage from there. A value of more than 256 bytes is dropped, and so is an entry that makes the header
/// longer than 8,192 bytes.
#[derive(Debug)]
pub struct BaggagePropagator {
    contracts: Vec<&'static BaggageDefinition>,
    keys: Vec<&'static str>,
}

static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [BAGGAGE.to_owned()]);

impl BaggagePropagator {
    pub(super) fn new(contracts: impl IntoIterator<Item = &'static BaggageDefinition>) -> Self {
        let contracts: Vec<_> = contracts.into_iter().collect();
        let mut keys = Vec::new();
        for key in contracts.iter().flat_map(|contract| contract.keys) {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        Self { contracts, keys }
    }

    /// Returns the value as validated by the first contract that lists the key and accepts the value.
    fn admit(&self, key: &str, value: &str) -> Option<String> {
        let mut contracts = self.contracts.iter();
        contracts.find_map(|contract| (contract.admit)(key, value))
    }
}

impl TextMapPropagator for BaggagePropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let admit = |key: &str, value: &str| self.admit(key, value);
        if let Some(header) = baggage::outgoing_header(context, &self.keys, admit) {
            injector.set(BAGGAGE, header.into());
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let headers = extractor.get_all(BAGGAGE).unwrap_or_default();
        let admit = |key: &str, value: &str| self.admit(key, value);
        let header = baggage::filter_header(&headers.join(","), &self.keys, admit);
        match header {
            None => context.clone(),
            header => baggage::with_received(context.clone(), header.as_deref(), &self.keys),
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_ref())
    }
}

/// Propagator of the formats of `OTEL_PROPAGATORS`, which reads and writes headers as a `TraceContext` does.
#[derive(Debug)]
pub(super) struct SetupPropagator {
    formats: Formats,
    baggage: BaggagePropagator,
    fields: Vec<String>,
}

impl SetupPropagator {
    pub(super) fn new(
        formats: Formats,
        contracts: impl IntoIterator<Item = &'static BaggageDefinition>,
    ) -> Self {
        let fields = formats.iter().flat_map(Format::fields);
        Self {
            formats,
            baggage: BaggagePropagator::new(contracts),
            fields: fields.map(|field| (*field).to_owned()).collect(),
        }
    }
}

impl TextMapPropagator for SetupPropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.formats.inject(context, injector);
        if self.formats.has_baggage() {
            self.baggage.inject_context(context, injector);
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let context = self.formats.extract(context, extractor);
        if self.formats.has_baggage() {
            return self.baggage.extract_with_context(&context, extractor);
        }
        context
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}
