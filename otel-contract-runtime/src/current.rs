//! Which operation runs here, for logs to name. Kept in the context, so that spawned tasks know it
//! too, and only where a feature looks at it: a value in a context is three allocations.

use crate::definition::OperationDefinition;
use opentelemetry::Context;

/// The operation whose span a context has.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurrentOperation(pub(crate) &'static OperationDefinition);

/// The context of an operation that starts.
#[cfg(feature = "tracing")]
pub(crate) fn with_operation(context: Context, operation: &'static OperationDefinition) -> Context {
    context.with_value(CurrentOperation(operation))
}

/// The context of an operation that starts.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn with_operation(context: Context, _: &'static OperationDefinition) -> Context {
    context
}

/// The context of an operation that starts and has no span to tell apart; `None`: nothing changes.
#[cfg(feature = "tracing")]
#[allow(clippy::unnecessary_wraps)] // Of the other one.
pub(crate) fn without_span(
    parent: Option<Context>,
    operation: &'static OperationDefinition,
) -> Option<Context> {
    Some(with_operation(
        parent.unwrap_or_else(Context::current),
        operation,
    ))
}

/// The context of an operation that starts and has no span to tell apart; `None`: nothing changes.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn without_span(
    parent: Option<Context>,
    _: &'static OperationDefinition,
) -> Option<Context> {
    parent
}
