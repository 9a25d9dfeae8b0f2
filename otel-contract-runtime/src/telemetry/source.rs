//! The source of the spans of a contract.

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

/// Source of the spans of a contract.
#[derive(Debug)]
pub(super) enum SpanSource {
    /// OpenTelemetry's global provider, which is read each time.
    Global,
    /// Tracer of the SDK, whose spans need no box.
    #[cfg(feature = "sdk")]
    Sdk(opentelemetry_sdk::trace::SdkTracer),
    /// Tracer of any other provider.
    Boxed(BoxedTracer),
    /// Tracer of a set-up or of a test scope.
    #[cfg(any(feature = "setup", feature = "testing"))]
    Contract(ContractTracer),
}

/// Starts a span, and updates the sampling prediction.
#[inline]
fn start_and_learn<T: Tracer>(
    prediction: &SamplingPrediction,
    tracer: &T,
    builder: SpanBuilder,
    parent: &Context,
) -> Option<(Context, bool)>
where
    T::Span: Send + Sync + 'static,
{
    let predicted = prediction.before_start(parent, parent.span().span_context());
    let span = tracer.build_with_context(builder, parent);
    let recording = span.is_recording();
    prediction.after_start(predicted, parent.span().span_context(), recording);
    if recording {
        return Some((parent.with_span(span), true));
    }
    context_with(span, parent)
}

/// Returns the context that contains a span, and whether the span records; `None` for a span of a no-op tracer. The span
/// moves into the context immediately, because it is large and every move copies it.
#[inline]
fn context_with<S: Span + Send + Sync + 'static>(
    span: S,
    parent: &Context,
) -> Option<(Context, bool)> {
    // A no-op tracer returns the span context of the parent, an SDK always creates a new one.
    let own = span.span_context();
    if !own.is_valid() || own == parent.span().span_context() {
        return None;
    }
    let recording = span.is_recording();
    let context = if recording {
        parent.with_span(span)
    } else {
        // Only the span context is needed, which takes no box.
        parent.with_remote_span_context(with_flags_of(parent.span().span_context(), own))
    };
    Some((context, recording))
}

/// Returns the span context of a span that does not record, and adds the trace flags of its parent except `sampled`: the
/// SDK does not copy them.
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

impl SpanSource {
    /// Creates the tracer of a contract. If the provider panics, the result is a no-op tracer.
    pub(super) fn new(tracers: &Tracers, contract: &'static ContractDefinition) -> Self {
        let noop = || Self::Boxed(BoxedTracer::new(Box::new(NoopTracer::new())));
        guarded(|| Self::create(tracers, contract)).unwrap_or_else(noop)
    }

    fn create(tracers: &Tracers, contract: &'static ContractDefinition) -> Self {
        match tracers {
            Tracers::Global => Self::Global,
            #[cfg(feature = "sdk")]
            Tracers::Sdk(provider) => Self::Sdk(provider.tracer_with_scope(contract.scope())),
            Tracers::Boxed(provider) => Self::Boxed(provider.tracer_with_scope(contract.scope())),
            #[cfg(any(feature = "setup", feature = "testing"))]
            Tracers::Pipeline(pipeline) => {
                Self::Contract(ContractTracer::new(pipeline.clone(), contract))
            }
        }
    }

    /// Starts a span. Returns the context of the body, and whether the span records; `None` if the tracer is a no-op.
    ///
    /// `Tracer::start` cannot be used: it calls the sampler while the thread's context is borrowed, and a sampler or
    /// processor that attaches a context would panic.
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
            Self::Sdk(tracer) => start_and_learn(prediction, tracer, builder, parent),
            Self::Boxed(tracer) => start_and_learn(prediction, tracer, builder, parent),
            // Its buffered spans are opened by `ContractTracer::open`.
            #[cfg(any(feature = "setup", feature = "testing"))]
            Self::Contract(_) => None,
            // The global provider may be replaced before the next span, so the prediction is not updated.
            Self::Global => {
                let tracer = global::tracer_with_scope(contract.scope());
                context_with(tracer.build_with_context(builder, parent), parent)
            }
        }
    }
}

/// Calls `create`, which runs code of a provider. The thread records nothing meanwhile. `None` if `create` panics.
pub(super) fn guarded<T>(create: impl FnOnce() -> T) -> Option<T> {
    let _phase = local::PhaseGuard::creating();
    match catch_unwind(AssertUnwindSafe(create)) {
        Ok(created) => Some(created),
        Err(payload) => {
            // The payload of the panic may panic again when it is dropped.
            std::mem::forget(payload);
            None
        }
    }
}
