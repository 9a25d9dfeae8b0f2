//! Propagation settings of the process, installed by a set-up.

use super::format::Formats;
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use std::sync::{PoisonError, RwLock};

/// Reader and writer of the headers of a [`TraceContext`](super::TraceContext).
#[derive(Clone, Copy, Debug)]
pub(crate) enum PropagationMode {
    /// The formats of `OTEL_PROPAGATORS`.
    Formats(Formats),
    /// A propagator set in code, which requires a set-up.
    #[cfg_attr(not(feature = "setup"), allow(dead_code))]
    Custom(&'static CustomPropagator),
}

static INSTALLED: RwLock<PropagationMode> = RwLock::new(PropagationMode::Formats(Formats::DEFAULT));

impl PropagationMode {
    /// Returns the settings of the installed set-up. A test scope always uses W3C Trace Context and baggage.
    pub(crate) fn current() -> Self {
        #[cfg(feature = "testing")]
        if crate::telemetry::Scoped::current().is_some() {
            return Self::Formats(Formats::DEFAULT);
        }
        *INSTALLED.read().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "setup")]
    pub(crate) fn install(self) {
        *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = self;
    }

    /// Whether traces are propagated. A propagator set in code decides by itself.
    pub(crate) fn has_trace(self) -> bool {
        match self {
            Self::Formats(formats) => formats.has_trace(),
            Self::Custom(_) => true,
        }
    }

    /// Whether baggage is propagated.
    pub(crate) fn has_baggage(self) -> bool {
        match self {
            Self::Formats(formats) => formats.has_baggage(),
            Self::Custom(_) => true,
        }
    }
}

/// A propagator set in code. It is leaked, like the providers of every installed set-up.
#[derive(Debug)]
pub(crate) struct CustomPropagator {
    propagator: Box<dyn TextMapPropagator + Send + Sync>,
    /// Headers of the propagator. `Carrier::set` requires static names.
    pub(super) fields: Vec<&'static str>,
}

impl CustomPropagator {
    #[cfg(feature = "setup")]
    pub(crate) fn leak(propagator: Box<dyn TextMapPropagator + Send + Sync>) -> &'static Self {
        let fields = propagator.fields().map(|name| {
            let name: &str = name.to_ascii_lowercase().leak();
            name
        });
        let fields = fields.collect();
        Box::leak(Box::new(Self { propagator, fields }))
    }
}

/// Allows the propagator to be installed as OpenTelemetry's global propagator too.
impl TextMapPropagator for &'static CustomPropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.propagator.inject_context(context, injector);
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.propagator.extract_with_context(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        self.propagator.fields()
    }
}
