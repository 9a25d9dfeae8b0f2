//! Parts of a received trace for which OpenTelemetry's `SpanContext` has no field.

use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use std::sync::Arc;

/// Sampling state of B3, beyond the `sampled` flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum B3State {
    /// The `sampled` flag is the decision.
    #[default]
    Decided,
    /// The sender has not decided: the receiver decides.
    Deferred,
    /// The trace is always recorded, and the state is propagated to every receiver.
    Debug,
    /// A decision without a trace: the trace that begins here is not sampled.
    Deny,
    /// A decision without a trace: the trace that begins here is sampled.
    Accept,
}

/// Context value with the parts of a received trace.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// All zeros for a decision without a trace.
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) b3: B3State,
    /// The whole `tracestate`, if it has members that OpenTelemetry's `TraceState` rejects.
    pub(crate) state: Option<Arc<str>>,
}

impl Received {
    /// Whether this applies to the trace of a span. A decision without a trace applies to the trace that begins.
    pub(crate) fn concerns(&self, span: &SpanContext) -> bool {
        self.trace_id == span.trace_id() || self.trace_id == TraceId::INVALID
    }

    /// Returns the B3 state of a span whose context contains this value.
    pub(crate) fn b3_of(&self, span: &SpanContext) -> B3State {
        let is_received = self.span_id == span.span_id();
        match self.b3 {
            B3State::Debug if self.concerns(span) => B3State::Debug,
            // A span that started after the trace was received has its own decision.
            B3State::Deferred if self.concerns(span) && is_received => B3State::Deferred,
            B3State::Deny | B3State::Accept if !span.is_valid() => self.b3,
            _ => B3State::Decided,
        }
    }
}

/// Returns the decision that a span in this context follows; `None`: the receiver decides.
#[cfg(feature = "setup")]
pub(crate) fn decision(parent: &opentelemetry::Context) -> Option<bool> {
    use opentelemetry::trace::TraceContextExt as _;
    let span = parent.span();
    let parent_span = span.span_context();
    let is_sampled = parent_span.is_valid().then(|| parent_span.is_sampled());
    match b3(parent, parent_span) {
        B3State::Decided => is_sampled,
        B3State::Deferred => None,
        B3State::Debug | B3State::Accept => Some(true),
        B3State::Deny => Some(false),
    }
}

/// Returns the B3 state of a span in this context. Without feature `b3` it is always [`B3State::Decided`].
#[inline]
pub(crate) fn b3(parent: &opentelemetry::Context, parent_span: &SpanContext) -> B3State {
    #[cfg(feature = "b3")]
    if let Some(received) = parent.get::<Received>() {
        return received.b3_of(parent_span);
    }
    let _ = (parent, parent_span);
    B3State::Decided
}
