//! The OpenTelemetry propagator of B3.

use super::format::{Format, Formats};
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};

/// Propagator of B3, for code that configures propagators by itself. A set-up uses `OTEL_PROPAGATORS=b3` or `b3multi`
/// instead.
///
/// It reads both header formats, the single header first, and writes the selected format. The debug flag is propagated
/// with the trace. If the received trace has no sampling decision, the sampler of a contract treats it like a trace
/// that starts in this process.
///
/// ```
/// use opentelemetry::Context;
/// use opentelemetry::propagation::TextMapPropagator as _;
/// use otel_contract::propagation::B3Propagator;
/// use std::collections::HashMap;
///
/// let debug = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-d-05e3ac9a4f6e3b90";
/// let received = HashMap::from([("b3".to_owned(), debug.to_owned())]);
/// let context = B3Propagator::single().extract_with_context(&Context::new(), &received);
///
/// let mut sent = HashMap::new();
/// B3Propagator::multi().inject_context(&context, &mut sent);
/// assert_eq!(sent["x-b3-traceid"], "80f198ee56343ba864fe8b2a57d3eff7");
/// assert_eq!(sent["x-b3-flags"], "1");
/// ```
#[derive(Clone, Debug)]
pub struct B3Propagator {
    format: Format,
    fields: Vec<String>,
}

impl B3Propagator {
    /// Writes the header `b3`.
    #[must_use]
    pub fn single() -> Self {
        Self::new(Format::B3)
    }

    /// Writes the headers `x-b3-traceid`, `x-b3-spanid` and `x-b3-sampled` or `x-b3-flags`.
    #[must_use]
    pub fn multi() -> Self {
        Self::new(Format::B3Multi)
    }

    fn new(format: Format) -> Self {
        let fields = format.fields().iter().map(|field| (*field).to_owned());
        Self {
            format,
            fields: fields.collect(),
        }
    }

    fn formats(&self) -> Formats {
        [self.format].into_iter().collect()
    }
}

impl TextMapPropagator for B3Propagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.formats().inject(context, injector);
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.formats().extract(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}
