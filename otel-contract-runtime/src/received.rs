//! Parts of a received trace that OpenTelemetry's `SpanContext` cannot hold.

use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use std::sync::Arc;

/// The sampling state of B3, beyond the `sampled` flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum B3State {
    /// The `sampled` flag is the decision.
    #[default]
    Decided,
    /// The sender has not decided: the receiver does.
    Deferred,
    /// The trace is recorded in any case, and every receiver is told so.
    Debug,
    /// Without a trace: whatever begins here is not sampled.
    Deny,
    /// Without a trace: whatever begins here is sampled.
    Accept,
}

/// A value of the context that a trace was received into.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// All zeros where a decision came without a trace.
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) b3: B3State,
    /// The whole `tracestate`, where it has members that OpenTelemetry's `TraceState` does not accept.
    pub(crate) state: Option<Arc<str>>,
}

impl Received {
    /// Whether this is about the trace of a span. A decision that came without a trace is about the one that begins.
    pub(crate) fn concerns(&self, span: &SpanContext) -> bool {
        self.trace_id == span.trace_id() || self.trace_id == TraceId::INVALID
    }

    /// What B3 says about a span whose context holds this value.
    pub(crate) fn b3_of(&self, span: &SpanContext) -> B3State {
        let is_received = self.span_id == span.span_id();
        match self.b3 {
            B3State::Debug if self.concerns(span) => B3State::Debug,
            // A span that started since has a decision of its own.
            B3State::Deferred if self.concerns(span) && is_received => B3State::Deferred,
            B3State::Deny | B3State::Accept if !span.is_valid() => self.b3,
            _ => B3State::Decided,
        }
    }
}

/// The decision that a span in this context follows; `None` where the receiver decides.
#[cfg(feature = "setup")]
pub(crate) fn decision(parent: &opentelemetry::Context) -> Option<bool> {
    use opentelemetry::trace::TraceContextExt as _;
    let span = parent.span();
    let above = span.span_context();
    let flagged = above.is_valid().then(|| above.is_sampled());
    match b3(parent, above) {
        B3State::Decided => flagged,
        B3State::Deferred => None,
        B3State::Debug | B3State::Accept => Some(true),
        B3State::Deny => Some(false),
    }
}

/// What B3 says of a span in this context: nothing where B3 is not compiled in.
#[inline]
pub(crate) fn b3(parent: &opentelemetry::Context, above: &SpanContext) -> B3State {
    #[cfg(feature = "b3")]
    if let Some(received) = parent.get::<Received>() {
        return received.b3_of(above);
    }
    let _ = (parent, above);
    B3State::Decided
}
