//! What is known of an operation before it runs.

use crate::scope::Scope;
use opentelemetry::trace::SpanKind;

/// A business operation of a contract; implemented by the struct `contract!` generates for it.
pub trait Operation: Sized + 'static {
    /// What the contract says of it.
    #[doc(hidden)]
    const DEFINITION: &'static OperationDefinition;

    /// Sets attributes while the operation runs: owned, `Clone`, one method per attribute.
    type Handle: Clone + Send + Sync + 'static;

    /// What values of the contract's attributes are passed through.
    #[doc(hidden)]
    type Attributes;

    #[doc(hidden)]
    fn handle(handle: crate::slots::Handle) -> Self::Handle;
}

/// What the runtime needs to know of an operation.
#[derive(Debug)]
pub struct OperationDefinition {
    /// Span name.
    pub name: &'static str,
    /// Span kind.
    pub kind: SpanKind,
    /// The contract's scope.
    pub scope: &'static Scope,
    /// Keys of the attributes; everywhere else an attribute is its index here.
    pub keys: &'static [&'static str],
    /// Indices of those the sampler sees, and which therefore cannot change later.
    pub sampled: &'static [usize],
    /// The classes it may fail with; `None`: any of the contract.
    pub errors: Option<&'static [&'static str]>,
}
