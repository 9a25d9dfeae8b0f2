//! A propagated trace, and the context that continues it.

use super::malformed::MalformedTraceContext;
use super::traceparent::{self, Parent, RANDOM};
use super::{TRACEPARENT, TRACESTATE, tracestate};
use crate::received::{B3State, Received};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

/// Function that returns every value of a header, in order. The name is in lowercase.
pub(crate) type Values<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// A propagated trace.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) parent: Parent,
    pub(crate) state: Option<Box<str>>,
    pub(crate) problem: Option<MalformedTraceContext>,
}

impl Trace {
    /// Reads W3C Trace Context.
    pub(super) fn read_traceparent(values: Values<'_>) -> Self {
        let parents = values(TRACEPARENT);
        let parent = match parents.as_slice() {
            [] => return Self::default(),
            [parent] => traceparent::parse(parent.trim_matches([' ', '\t'])),
            _ => Err(MalformedTraceContext::new(
                TRACEPARENT,
                "it occurs more than once",
            )),
        };
        let parent = match parent {
            Ok(parent) => parent,
            // Without a valid `traceparent`, `tracestate` must not be read (W3C Trace Context, "Tracestate Header").
            Err(problem) => return Self::malformed(problem),
        };
        // Several headers form one list. A malformed list does not affect the trace.
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

    pub(super) fn malformed(problem: MalformedTraceContext) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }

    /// Merges the trace that a later format found.
    pub(super) fn merge(&mut self, later: Self) {
        self.problem = self.problem.or(later.problem);
        let ids = |parent: Parent| (parent.trace_id, parent.span_id);
        if !later.parent.is_valid() {
            if !self.parent.is_valid() && later.parent != Parent::NONE {
                self.parent = later.parent;
            }
        } else if ids(self.parent) == ids(later.parent) {
            // The same span in two formats: each format may contain information that the other cannot express.
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

    /// Returns the trace of the span in a context.
    pub(crate) fn from_context(context: &Context) -> Self {
        let current_span = context.span();
        let span = current_span.span_context();
        let mut trace = Self::from(span);
        let Some(received) = context.get::<Received>() else {
            return trace;
        };
        trace.parent.b3 = received.b3_of(span);
        trace.parent.flags = match trace.parent.b3 {
            B3State::Debug | B3State::Accept => trace.parent.flags.with_sampled(true),
            _ => trace.parent.flags,
        };
        if let (true, Some(received_state)) = (received.concerns(span), &received.state) {
            let current = trace.state.as_deref().unwrap_or_default();
            let restored = tracestate::restore(received_state, current);
            trace.state = tracestate::parse(&restored).unwrap_or_default();
        }
        trace
    }

    /// Whether neither a trace nor a sampling decision was received.
    #[cfg(any(feature = "b3", feature = "setup"))]
    pub(super) fn is_empty(&self) -> bool {
        self.parent == Parent::NONE
    }

    /// Returns the context that continues the trace.
    pub(crate) fn continue_in(&self, context: Context) -> Context {
        let state = self.state.as_deref();
        let span = self.parent.span_context(state);
        let rejected = state.filter(|state| span.trace_state().header() != **state);
        let has_more = self.parent.b3 != B3State::Decided || rejected.is_some();
        let received = (has_more || context.get::<Received>().is_some()).then(|| Received {
            trace_id: self.parent.trace_id,
            span_id: self.parent.span_id,
            b3: self.parent.b3,
            state: rejected.map(Into::into),
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
