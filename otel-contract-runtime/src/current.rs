//! The current operation, for log records. It is stored in the context, so that spawned tasks see it. A value in a context
//! costs three allocations, so the operation is stored only with feature `tracing`, which reads it.

use crate::definition::OperationDefinition;
use opentelemetry::Context;
#[cfg(feature = "tracing")]
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "tracing")]
use std::sync::{Arc, Mutex, PoisonError};

/// The innermost operation whose body runs in the context. It may have no span of its own.
#[cfg(feature = "tracing")]
#[derive(Clone, Debug)]
pub(crate) struct CurrentOperation {
    pub(crate) definition: &'static OperationDefinition,
    children: Arc<ChildOutcome>,
    parent: Option<Arc<ChildOutcome>>,
}

/// How the child operation that ended last has ended. A failure of the operation with the same class is the error that the
/// child returned.
#[cfg(feature = "tracing")]
#[derive(Debug, Default)]
struct ChildOutcome {
    /// Whether `class` is set. Success, the usual outcome, then needs no lock.
    has_failed: AtomicBool,
    class: Mutex<Option<&'static str>>,
}

#[cfg(feature = "tracing")]
impl ChildOutcome {
    fn set(&self, class: Option<&'static str>) {
        let mut current = self.class.lock().unwrap_or_else(PoisonError::into_inner);
        *current = class;
        self.has_failed.store(class.is_some(), Ordering::Release);
    }

    fn is_failure_with(&self, class: &str) -> bool {
        self.has_failed.load(Ordering::Acquire)
            && *self.class.lock().unwrap_or_else(PoisonError::into_inner) == Some(class)
    }
}

/// Notes that the operation of this context succeeded.
#[cfg(feature = "tracing")]
pub(crate) fn note_success(context: Option<&Context>) {
    let operation = context.and_then(|context| context.get::<CurrentOperation>());
    if let Some(parent) = operation.and_then(|operation| operation.parent.as_ref())
        && parent.has_failed.load(Ordering::Acquire)
    {
        parent.set(None);
    }
}

/// Notes that the operation of this context failed. Returns `false` if a child operation has returned the error.
#[cfg(feature = "tracing")]
pub(crate) fn note_failure(context: Option<&Context>, class: &'static str) -> bool {
    let Some(operation) = context.and_then(|context| context.get::<CurrentOperation>()) else {
        return true;
    };
    if let Some(parent) = &operation.parent {
        parent.set(Some(class));
    }
    !operation.children.is_failure_with(class)
}

/// Returns the context of the body of an operation.
#[cfg(feature = "tracing")]
pub(crate) fn with_operation(
    context: Context,
    definition: &'static OperationDefinition,
) -> Context {
    let parent = context.get::<CurrentOperation>();
    let parent = parent.map(|parent| Arc::clone(&parent.children));
    context.with_value(CurrentOperation {
        definition,
        children: Arc::default(),
        parent,
    })
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
        parent.unwrap_or_else(crate::local::current),
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
