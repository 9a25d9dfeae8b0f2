//! How contexts travel in this process: the configuration of the installed set-up.

use super::format::Formats;
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use std::sync::{PoisonError, RwLock};

/// What reads and writes the headers of a [`TraceContext`](super::TraceContext).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    /// The formats of `OTEL_PROPAGATORS`.
    Formats(Formats),
    /// A propagator given in code, which only a set-up can be.
    #[cfg_attr(not(feature = "setup"), allow(dead_code))]
    Own(&'static OwnPropagator),
}

static INSTALLED: RwLock<Edge> = RwLock::new(Edge::Formats(Formats::DEFAULT));

impl Edge {
    /// Returns the configuration of the installed set-up. A test scope always uses W3C Trace Context and baggage.
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

    /// Whether traces travel. A propagator given in code decides by itself what it passes on.
    pub(crate) fn has_trace(self) -> bool {
        match self {
            Self::Formats(formats) => formats.has_trace(),
            Self::Own(_) => true,
        }
    }

    /// Whether baggage travels.
    pub(crate) fn has_baggage(self) -> bool {
        match self {
            Self::Formats(formats) => formats.has_baggage(),
            Self::Own(_) => true,
        }
    }
}

/// A propagator given in code. Never freed, as an installation.
#[derive(Debug)]
pub(crate) struct OwnPropagator {
    propagator: Box<dyn TextMapPropagator + Send + Sync>,
    /// The headers it writes. `Carrier` names headers by static strings.
    pub(super) fields: Vec<&'static str>,
}

impl OwnPropagator {
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

/// The same propagator for instrumentation that uses OpenTelemetry's global one.
impl TextMapPropagator for &'static OwnPropagator {
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
