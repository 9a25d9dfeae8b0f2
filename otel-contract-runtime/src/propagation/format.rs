//! The propagation formats of `OTEL_PROPAGATORS`.

#[cfg(feature = "b3")]
use super::b3;
use super::trace::{Trace, Values};
use super::{TRACEPARENT, TRACESTATE};
use opentelemetry::propagation::Extractor;
#[cfg(any(feature = "b3", feature = "setup"))]
use opentelemetry::{Context, propagation::Injector};

/// A propagation format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// W3C Trace Context.
    TraceContext,
    /// W3C Baggage, limited to the attributes that contracts list.
    Baggage,
    /// B3, written as the single header `b3`.
    #[cfg(feature = "b3")]
    B3,
    /// B3, written as several headers `X-B3-…`.
    #[cfg(feature = "b3")]
    B3Multi,
}

impl Format {
    /// Returns the headers that the format writes.
    #[cfg(any(feature = "b3", feature = "setup"))]
    pub(crate) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::TraceContext => &[TRACEPARENT, TRACESTATE],
            Self::Baggage => &[super::BAGGAGE],
            #[cfg(feature = "b3")]
            Self::B3 => &b3::SINGLE_FIELDS,
            #[cfg(feature = "b3")]
            Self::B3Multi => &b3::MULTI_FIELDS,
        }
    }
}

/// Formats in order, without duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Formats([Option<Format>; 4]);

impl Formats {
    /// Default formats, without a set-up or without the variable.
    pub(crate) const DEFAULT: Self = Self([
        Some(Format::TraceContext),
        Some(Format::Baggage),
        None,
        None,
    ]);

    pub(crate) fn iter(self) -> impl Iterator<Item = Format> {
        self.0.into_iter().flatten()
    }

    /// Whether baggage is propagated.
    pub(crate) fn has_baggage(self) -> bool {
        self.iter().any(|format| format == Format::Baggage)
    }

    /// Whether traces are propagated.
    pub(crate) fn has_trace(self) -> bool {
        self.iter().any(|format| format != Format::Baggage)
    }

    /// Reads headers in each of the formats. A later format replaces the trace of an earlier format, unless it finds no
    /// trace, as in OpenTelemetry's composite propagator.
    pub(crate) fn read(self, values: Values<'_>) -> Trace {
        let mut found = Trace::default();
        for format in self.iter() {
            match format {
                Format::TraceContext => found.merge(Trace::read_traceparent(values)),
                Format::Baggage => {}
                #[cfg(feature = "b3")]
                Format::B3 | Format::B3Multi => found.merge(b3::read(values)),
            }
        }
        found
    }

    /// Writes the headers of the formats; `None` removes a header.
    pub(crate) fn write(self, trace: &Trace, set: &mut dyn FnMut(&'static str, Option<String>)) {
        #[cfg(feature = "b3")]
        if self
            .iter()
            .any(|format| matches!(format, Format::B3 | Format::B3Multi))
        {
            // A forwarded request may have headers of the other B3 format, which would contradict or replace the new headers.
            b3::ALL_FIELDS.iter().for_each(|name| set(name, None));
        }
        for format in self.iter() {
            match format {
                Format::TraceContext => {
                    set(TRACEPARENT, trace.parent.header());
                    set(TRACESTATE, trace.state.as_deref().map(str::to_owned));
                }
                Format::Baggage => {}
                #[cfg(feature = "b3")]
                Format::B3 => b3::write_single(trace.parent, set),
                #[cfg(feature = "b3")]
                Format::B3Multi => b3::write_multi(trace.parent, set),
            }
        }
    }

    /// Writes the trace of a context, without baggage.
    #[cfg(any(feature = "b3", feature = "setup"))]
    pub(crate) fn inject(self, context: &Context, injector: &mut dyn Injector) {
        self.write(&Trace::from_context(context), &mut |name, value| {
            if let Some(value) = value {
                injector.set(name, value);
            }
        });
    }

    /// Returns the context with the received trace, or unchanged if no trace was received.
    #[cfg(any(feature = "b3", feature = "setup"))]
    pub(crate) fn extract(self, context: &Context, extractor: &dyn Extractor) -> Context {
        let trace = self.read(&|name| header_values(extractor, name));
        if trace.is_empty() {
            return context.clone();
        }
        trace.continue_in(context.clone())
    }
}

impl FromIterator<Format> for Formats {
    fn from_iter<I: IntoIterator<Item = Format>>(formats: I) -> Self {
        let mut all = Self([None; 4]);
        for format in formats {
            let known = all.iter().any(|known| known == format);
            if let (false, Some(free)) = (known, all.0.iter_mut().find(|slot| slot.is_none())) {
                *free = Some(format);
            }
        }
        all
    }
}

/// Returns every value of a header.
pub(super) fn header_values(extractor: &dyn Extractor, name: &str) -> Vec<String> {
    let values = extractor.get_all(name).unwrap_or_default();
    values.into_iter().map(str::to_owned).collect()
}
