//! The trait of the structs generated for operations.

use crate::definition::OperationDefinition;

/// An operation of a contract. Implemented by the struct that `contract!` generates for the operation.
pub trait Operation: Sized + 'static {
    /// Returns the run-time definition of the operation.
    #[doc(hidden)]
    fn definition() -> &'static OperationDefinition;

    /// Returns the description of the whole contract.
    #[doc(hidden)]
    fn contract() -> &'static crate::description::Contract;

    /// Enum of the contract's error classes, the values of `error.type`.
    #[doc(hidden)]
    type ErrorType: Into<crate::outcome::Failure>;

    /// Owned handle that sets attributes of an active operation, with one method per attribute.
    type Handle: Clone + Send + Sync + 'static;

    /// Generated type whose hidden functions convert the attribute values of the contract.
    #[doc(hidden)]
    type Attributes;

    #[doc(hidden)]
    fn handle(handle: crate::slots::Handle) -> Self::Handle;
}
