//! A trace context in headers: read and written as the process is configured to.

use super::BAGGAGE;
use super::baggage::{self, ContractBaggage};
use super::carrier::{Carrier, Lookup};
use super::context::TraceContext;
use super::edge::{Edge, OwnPropagator};
use super::format::{Formats, values as values_of};
use super::trace::Values;
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use std::collections::HashMap;

impl<B: ContractBaggage> TraceContext<B> {
    /// Reads headers or a map of strings. Malformed parts are left out, and [`problem`](Self::problem) names the first.
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
        match Edge::current() {
            Edge::Formats(formats) => Self::of_headers(formats, &|name| {
                let mut values = Vec::new();
                carrier.each(name, &mut |value| values.push(value.to_owned()));
                values
            }),
            Edge::Own(own) => Self::by(own, &Lookup::new(carrier, &own.fields)),
        }
    }

    /// Reads through OpenTelemetry's `Extractor`, as [`extract`](Self::extract) does.
    #[must_use]
    pub fn from_extractor(extractor: &dyn Extractor) -> Self {
        match Edge::current() {
            Edge::Formats(formats) => Self::of_headers(formats, &|name| values_of(extractor, name)),
            Edge::Own(own) => Self::by(own, extractor),
        }
    }

    fn of_headers(formats: Formats, values: Values<'_>) -> Self {
        let mut context = Self::from(formats.read(values));
        if formats.has_baggage() {
            // Several headers are one list.
            let header = values(BAGGAGE).join(",");
            context.baggage = baggage::parse(&header, &B::keys(), B::admit);
        }
        context
    }

    fn by(own: &'static OwnPropagator, extractor: &dyn Extractor) -> Self {
        Self::from(own.extract_with_context(&Context::new(), extractor))
    }

    /// Writes headers or a map of strings. Headers of an earlier context are replaced, and removed where this one has no
    /// value for them.
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
        match Edge::current() {
            Edge::Formats(formats) => {
                self.write(formats, &mut |name, value| {
                    carrier.set(name, value.as_deref());
                });
            }
            Edge::Own(own) => {
                let mut headers: HashMap<String, String> = HashMap::new();
                own.inject_context(&self.alone(), &mut headers);
                for name in &own.fields {
                    carrier.set(name, headers.get(*name).map(String::as_str));
                }
            }
        }
    }

    /// Writes through OpenTelemetry's `Injector`, which cannot remove what was there before.
    pub fn inject_into(&self, injector: &mut dyn Injector) {
        match Edge::current() {
            Edge::Formats(formats) => self.write(formats, &mut |name, value| {
                if let Some(value) = value {
                    injector.set(name, value);
                }
            }),
            Edge::Own(own) => own.inject_context(&self.alone(), injector),
        }
    }

    fn write(&self, formats: Formats, set: &mut dyn FnMut(&'static str, Option<String>)) {
        formats.write(&self.trace(), set);
        if formats.has_baggage() {
            set(BAGGAGE, self.baggage.as_deref().map(str::to_owned));
        }
    }
}
