//! The current operation, for log records. It is stored in the context, so that spawned tasks see it. A value in a context
//! costs three allocations, so the operation is stored only with feature `tracing`, which reads it.

use crate::definition::OperationDefinition;
use opentelemetry::Context;

/// The operation whose span is the span of the context.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurrentOperation(pub(crate) &'static OperationDefinition);

/// Returns the context of the body of an operation.
#[cfg(feature = "tracing")]
pub(crate) fn with_operation(context: Context, operation: &'static OperationDefinition) -> Context {
    context.with_value(CurrentOperation(operation))
}

/// Returns the context of the body of an operation.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn with_operation(context: Context, _: &'static OperationDefinition) -> Context {
    context
}

/// Returns the context of the body of an operation that has no span of its own; `None`: the current context.
#[cfg(feature = "tracing")]
#[allow(clippy::unnecessary_wraps)] // Same signature as without the feature.
pub(crate) fn without_span(
    parent: Option<Context>,
    operation: &'static OperationDefinition,
) -> Option<Context> {
    Some(with_operation(
        parent.unwrap_or_else(Context::current),
        operation,
    ))
}

/// Returns the context of the body of an operation that has no span of its own; `None`: the current context.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn without_span(
    parent: Option<Context>,
    _: &'static OperationDefinition,
) -> Option<Context> {
    parent
}
