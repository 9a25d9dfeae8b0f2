//! The formats of `OTEL_PROPAGATORS`, and the trace they read and write.

#[cfg(feature = "b3")]
use super::b3;
use super::malformed::MalformedTraceContext;
use super::traceparent::{self, Parent, RANDOM};
use super::{TRACEPARENT, TRACESTATE, tracestate};
use crate::received::{B3State, Received};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

/// A format in which contexts travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// W3C Trace Context.
    TraceContext,
    /// W3C Baggage, of what contracts list.
    Baggage,
    /// B3, written as the single header `b3`.
    #[cfg(feature = "b3")]
    B3,
    /// B3, written as several headers `X-B3-…`.
    #[cfg(feature = "b3")]
    B3Multi,
}

impl Format {
    /// The headers that are written.
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

/// Formats in their order, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Formats([Option<Format>; 4]);

impl Formats {
    /// Those of a process without a set-up, and of a set-up without the variable.
    pub(crate) const DEFAULT: Self = Self([
        Some(Format::TraceContext),
        Some(Format::Baggage),
        None,
        None,
    ]);

    pub(crate) fn iter(self) -> impl Iterator<Item = Format> {
        self.0.into_iter().flatten()
    }

    /// Whether contexts travel with baggage.
    pub(crate) fn has_baggage(self) -> bool {
        self.iter().any(|format| format == Format::Baggage)
    }

    /// Whether contexts travel with their trace.
    pub(crate) fn has_trace(self) -> bool {
        self.iter().any(|format| format != Format::Baggage)
    }
}

impl FromIterator<Format> for Formats {
    fn from_iter<I: IntoIterator<Item = Format>>(formats: I) -> Self {
        let mut all = Self([None; 4]);
        for format in formats {
            let known = all.iter().any(|known| known == format);
            if let (false, Some(free)) = (known, all.0.iter_mut().find(|it| it.is_none())) {
                *free = Some(format);
            }
        }
        all
    }
}

/// Returns every value of a header, in order; the name is in lowercase.
pub(crate) type Values<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// A trace as it travels.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) parent: Parent,
    pub(crate) state: Option<Box<str>>,
    pub(crate) problem: Option<MalformedTraceContext>,
}

impl Trace {
    /// Reads headers in each of these formats. As with OpenTelemetry's composite propagator, a later one replaces what an
    /// earlier one found, unless it finds nothing.
    pub(crate) fn read(formats: Formats, values: Values<'_>) -> Self {
        let mut found = Self::default();
        for format in formats.iter() {
            match format {
                Format::TraceContext => found.replace(Self::of_traceparent(values)),
                Format::Baggage => {}
                #[cfg(feature = "b3")]
                Format::B3 | Format::B3Multi => found.replace(b3::read(values)),
            }
        }
        found
    }

    /// Reads W3C Trace Context.
    fn of_traceparent(values: Values<'_>) -> Self {
        let parents = values(TRACEPARENT);
        let parent = match parents.as_slice() {
            [] => return Self::default(),
            [parent] => traceparent::parse(parent.trim_matches([' ', '\t'])),
            _ => Err(MalformedTraceContext::new(
                TRACEPARENT,
                "it is given more than once",
            )),
        };
        let parent = match parent {
            Ok(parent) => parent,
            // Without it there is no state either (W3C Trace Context, "Tracestate Header").
            Err(problem) => return Self::without(problem),
        };
        // Several headers are one list; a malformed list leaves the trace as it is.
        let (state, problem) = match tracestate::parse(&values(TRACESTATE).join(",")) {
            Ok(state) => (state, None),
            Err(problem) => (None, Some(problem)),
        };
        Self {
            parent,
            state,
            problem,
        }
    }

    pub(super) fn without(problem: MalformedTraceContext) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }

    /// Takes what another format found.
    fn replace(&mut self, later: Self) {
        self.problem = self.problem.or(later.problem);
        let ids = |parent: Parent| (parent.trace_id, parent.span_id);
        if !later.parent.is_valid() {
            if !self.parent.is_valid() && later.parent != Parent::NONE {
                self.parent = later.parent;
            }
        } else if ids(self.parent) == ids(later.parent) {
            // The same span in two formats: each may say something that the other has no room for.
            let (before, after) = (self.parent, later.parent);
            self.parent.flags = match after.b3 {
                B3State::Deferred => before.flags,
                _ => after.flags | (before.flags & RANDOM),
            };
            self.parent.b3 = match (before.b3, after.b3) {
                (B3State::Debug, _) | (_, B3State::Debug) => B3State::Debug,
                (B3State::Deferred, after) => after,
                (before, _) => before,
            };
            if self.parent.b3 == B3State::Debug {
                self.parent.flags = self.parent.flags.with_sampled(true);
            }
            self.state = self.state.take().or(later.state);
        } else {
            (self.parent, self.state) = (later.parent, later.state);
        }
    }

    /// The trace of a context's span.
    pub(crate) fn of(context: &Context) -> Self {
        let span = context.span();
        let span = span.span_context();
        let mut trace = Self::from(span);
        let Some(received) = context.get::<Received>() else {
            return trace;
        };
        trace.parent.b3 = received.b3_of(span);
        trace.parent.flags = match trace.parent.b3 {
            B3State::Debug | B3State::Accept => trace.parent.flags.with_sampled(true),
            _ => trace.parent.flags,
        };
        if let (true, Some(before)) = (received.concerns(span), &received.state) {
            let now = trace.state.as_deref().unwrap_or_default();
            let restored = tracestate::restored(before, now);
            trace.state = tracestate::parse(&restored).unwrap_or_default();
        }
        trace
    }

    /// Writes the headers of these formats; `None` stands for a header that is not to be there.
    pub(crate) fn write(
        &self,
        formats: Formats,
        set: &mut dyn FnMut(&'static str, Option<String>),
    ) {
        #[cfg(feature = "b3")]
        if formats
            .iter()
            .any(|it| matches!(it, Format::B3 | Format::B3Multi))
        {
            // A header of the other form, left from the request that is passed on, would contradict or replace these.
            b3::ALL_FIELDS.iter().for_each(|name| set(name, None));
        }
        for format in formats.iter() {
            match format {
                Format::TraceContext => {
                    set(TRACEPARENT, self.parent.header());
                    set(TRACESTATE, self.state.as_deref().map(str::to_owned));
                }
                Format::Baggage => {}
                #[cfg(feature = "b3")]
                Format::B3 => b3::write_single(self.parent, set),
                #[cfg(feature = "b3")]
                Format::B3Multi => b3::write_multi(self.parent, set),
            }
        }
    }

    /// The context in which the trace is continued.
    pub(crate) fn continued(&self, context: Context) -> Context {
        let state = self.state.as_deref();
        let span = self.parent.span_context(state);
        let refused = state.filter(|state| span.trace_state().header() != **state);
        let has_more = self.parent.b3 != B3State::Decided || refused.is_some();
        let received = (has_more || context.get::<Received>().is_some()).then(|| Received {
            trace_id: self.parent.trace_id,
            span_id: self.parent.span_id,
            b3: self.parent.b3,
            state: refused.map(Into::into),
        });
        let context = if span.is_valid() {
            context.with_remote_span_context(span)
        } else {
            context
        };
        match received {
            Some(received) => context.with_value(received),
            None => context,
        }
    }
}

impl From<&SpanContext> for Trace {
    fn from(span: &SpanContext) -> Self {
        let parent = Parent::of(span);
        let state = parent.is_valid().then(|| span.trace_state().header());
        Self {
            parent,
            state: state.and_then(|state| tracestate::parse(&state).unwrap_or_default()),
            problem: None,
        }
    }
}
