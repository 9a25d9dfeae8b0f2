//! What an operation's generated struct is.

use crate::definition::OperationDefinition;

/// A business operation of a contract; implemented by the struct `contract!` generates for it.
pub trait Operation: Sized + 'static {
    /// What the contract says of it.
    #[doc(hidden)]
    fn definition() -> &'static OperationDefinition;

    /// The whole contract.
    #[doc(hidden)]
    fn contract() -> &'static crate::description::Contract;

    /// The closed set behind `error.type`.
    #[doc(hidden)]
    type ErrorType: Into<crate::outcome::Failure>;

    /// Sets attributes while the operation runs: owned, `Clone`, one method per attribute.
    type Handle: Clone + Send + Sync + 'static;

    /// What values of the contract's attributes are passed through.
    #[doc(hidden)]
    type Attributes;

    #[doc(hidden)]
    fn handle(handle: crate::slots::Handle) -> Self::Handle;
}
