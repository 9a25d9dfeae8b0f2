//! Where the spans of a contract come from.

use super::Tracers;
use crate::definition::ContractDefinition;
use crate::local;
use crate::prediction::SamplingPrediction;
#[cfg(any(feature = "setup", feature = "testing"))]
use crate::span::ContractTracer;
use opentelemetry::Context;
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, TraceContextExt as _, TraceFlags, Tracer, TracerProvider as _,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where a contract's spans come from.
#[derive(Debug)]
pub(super) enum Source {
    /// OpenTelemetry's global provider, asked each time.
    Global,
    /// The SDK's own: its spans need no box.
    #[cfg(feature = "sdk")]
    Sdk(opentelemetry_sdk::trace::SdkTracer),
    Boxed(BoxedTracer),
    /// Of a set-up, or of a test scope.
    #[cfg(any(feature = "setup", feature = "testing"))]
    Own(ContractTracer),
}

/// Starts a span, and learns of its sampler.
#[inline]
fn foreseen<T: Tracer>(
    prediction: &SamplingPrediction,
    tracer: &T,
    builder: SpanBuilder,
    parent: &Context,
) -> Option<(Context, bool)>
where
    T::Span: Send + Sync + 'static,
{
    let before = prediction.before_start(parent, parent.span().span_context());
    let span = tracer.build_with_context(builder, parent);
    let recording = span.is_recording();
    prediction.after_start(before, parent.span().span_context(), recording);
    if recording {
        return Some((parent.with_span(span), true));
    }
    within(span, parent)
}

/// The context of what happens within a span, and whether the span records. It moves there at once: it
/// is large, and every move copies it.
#[inline]
fn within<S: Span + Send + Sync + 'static>(span: S, parent: &Context) -> Option<(Context, bool)> {
    // A no-op tracer hands the parent's span context back, an SDK always makes a new one.
    let own = span.span_context();
    if !own.is_valid() || own == parent.span().span_context() {
        return None;
    }
    let recording = span.is_recording();
    let context = if recording {
        parent.with_span(span)
    } else {
        // Nothing but its identity is of use, and that takes no box.
        parent.with_remote_span_context(with_flags_of(parent.span().span_context(), own))
    };
    Some((context, recording))
}

/// The identity of a span that is not sampled, with all other flags of its parent: the SDK clears them.
fn with_flags_of(parent: &SpanContext, own: &SpanContext) -> SpanContext {
    let inherited = if parent.is_valid() {
        parent.trace_flags().with_sampled(false)
    } else {
        TraceFlags::default()
    };
    let flags = own.trace_flags() | inherited;
    let state = own.trace_state().clone();
    SpanContext::new(own.trace_id(), own.span_id(), flags, false, state)
}

impl Source {
    /// The tracer of a contract. One whose provider panics records no spans.
    pub(super) fn of(tracers: &Tracers, contract: &'static ContractDefinition) -> Self {
        let noop = || Self::Boxed(BoxedTracer::new(Box::new(NoopTracer::new())));
        guarded(|| Self::made(tracers, contract)).unwrap_or_else(noop)
    }

    fn made(tracers: &Tracers, contract: &'static ContractDefinition) -> Self {
        match tracers {
            Tracers::Global => Self::Global,
            #[cfg(feature = "sdk")]
            Tracers::Sdk(provider) => Self::Sdk(provider.tracer_with_scope(contract.scope())),
            Tracers::Boxed(provider) => Self::Boxed(provider.tracer_with_scope(contract.scope())),
            #[cfg(any(feature = "setup", feature = "testing"))]
            Tracers::Own(pipeline) => Self::Own(ContractTracer::new(pipeline.clone(), contract)),
        }
    }

    /// Starts a span. Not through `Tracer::start`: that samples while the thread's context is
    /// borrowed, and a sampler or processor that attaches one would panic.
    ///
    /// The context of what happens within, and whether the span records; `None` where the tracer does
    /// nothing.
    #[inline]
    pub(super) fn start(
        &self,
        contract: &ContractDefinition,
        prediction: &SamplingPrediction,
        builder: SpanBuilder,
        parent: &Context,
    ) -> Option<(Context, bool)> {
        let _phase = local::PhaseGuard::span();
        match self {
            #[cfg(feature = "sdk")]
            Self::Sdk(tracer) => foreseen(prediction, tracer, builder, parent),
            Self::Boxed(tracer) => foreseen(prediction, tracer, builder, parent),
            // Its spans are opened, not started.
            #[cfg(any(feature = "setup", feature = "testing"))]
            Self::Own(_) => None,
            // It may be another one next time: nothing is learned of it.
            Self::Global => {
                let tracer = global::tracer_with_scope(contract.scope());
                within(tracer.build_with_context(builder, parent), parent)
            }
        }
    }
}

/// Runs code of a provider that makes something; nothing is recorded on this thread meanwhile. `None` where it panics.
pub(super) fn guarded<T>(make: impl FnOnce() -> T) -> Option<T> {
    let _phase = local::PhaseGuard::creating();
    match catch_unwind(AssertUnwindSafe(make)) {
        Ok(made) => Some(made),
        Err(panic) => {
            // What a provider panicked with may panic again when it is dropped.
            std::mem::forget(panic);
            None
        }
    }
}
