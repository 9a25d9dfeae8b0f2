//! Reading and writing a trace context in headers, with the propagation settings of the process.

use super::BAGGAGE;
use super::baggage::{self, ContractBaggage};
use super::carrier::{Carrier, CarrierExtractor};
use super::context::TraceContext;
use super::format::{Formats, header_values};
use super::mode::{CustomPropagator, PropagationMode};
use super::trace::Values;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use std::collections::HashMap;

impl<B: ContractBaggage> TraceContext<B> {
    /// Reads headers or a map of strings. Malformed parts are omitted, and [`problem`](Self::problem) returns the first
    /// problem.
    ///
    /// ```
    /// use otel_contract::TraceContext;
    /// use std::collections::HashMap;
    ///
    /// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    /// let headers = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    /// let context = TraceContext::extract(&headers);
    /// assert_eq!(context.span_id().to_string(), "b7ad6b7169203331");
    /// ```
    #[must_use]
    pub fn extract(carrier: &(impl Carrier + ?Sized)) -> Self {
        match PropagationMode::current() {
            PropagationMode::Formats(formats) => Self::from_headers(formats, &|name| {
                let mut values = Vec::new();
                carrier.each(name, &mut |value| values.push(value.to_owned()));
                values
            }),
            PropagationMode::Custom(propagator) => Self::from_propagator(
                propagator,
                &CarrierExtractor::new(carrier, &propagator.fields),
            ),
        }
    }

    /// Reads the headers of an `Extractor` of OpenTelemetry, like [`extract`](Self::extract).
    #[must_use]
    pub fn from_extractor(extractor: &dyn Extractor) -> Self {
        match PropagationMode::current() {
            PropagationMode::Formats(formats) => {
                Self::from_headers(formats, &|name| header_values(extractor, name))
            }
            PropagationMode::Custom(propagator) => Self::from_propagator(propagator, extractor),
        }
    }

    fn from_headers(formats: Formats, values: Values<'_>) -> Self {
        let mut context = Self::from(formats.read(values));
        if formats.has_baggage() {
            // Several headers form one list.
            let header = values(BAGGAGE).join(",");
            context.baggage = baggage::filter_header(&header, &B::keys(), B::admit);
        }
        context
    }

    fn from_propagator(propagator: &'static CustomPropagator, extractor: &dyn Extractor) -> Self {
        Self::from(propagator.extract_with_context(&Context::new(), extractor))
    }

    /// Writes the context to headers or to a map of strings. Headers of an earlier context are replaced, or removed if
    /// this context has no value for them.
    ///
    /// ```
    /// use otel_contract::TraceContext;
    /// use std::collections::BTreeMap;
    ///
    /// let context = TraceContext::from_lossy("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    /// let mut headers = BTreeMap::new();
    /// context.inject(&mut headers);
    /// assert_eq!(headers["traceparent"], context.to_string());
    /// ```
    pub fn inject(&self, carrier: &mut (impl Carrier + ?Sized)) {
        match PropagationMode::current() {
            PropagationMode::Formats(formats) => {
                self.write(formats, &mut |name, value| {
                    carrier.set(name, value.as_deref());
                });
            }
            PropagationMode::Custom(propagator) => {
                let mut headers: HashMap<String, String> = HashMap::new();
                propagator.inject_context(&self.to_isolated_context(), &mut headers);
                for name in &propagator.fields {
                    carrier.set(name, headers.get(*name).map(String::as_str));
                }
            }
        }
    }

    /// Writes the context to an `Injector` of OpenTelemetry, which cannot remove headers of an earlier context.
    pub fn inject_into(&self, injector: &mut dyn Injector) {
        match PropagationMode::current() {
            PropagationMode::Formats(formats) => self.write(formats, &mut |name, value| {
                if let Some(value) = value {
                    injector.set(name, value);
                }
            }),
            PropagationMode::Custom(propagator) => {
                propagator.inject_context(&self.to_isolated_context(), injector);
            }
        }
    }

    fn write(&self, formats: Formats, set: &mut dyn FnMut(&'static str, Option<String>)) {
        formats.write(&self.trace(), set);
        if formats.has_baggage() {
            set(BAGGAGE, self.baggage.as_deref().map(str::to_owned));
        }
    }
}
