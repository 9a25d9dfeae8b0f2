//! Telemetry vocabulary as a compile-time contract.
//!
//! A team declares the names of its telemetry in a YAML file. [`contract!`] compiles that file into Rust types, and
//! [`instrumented_operation`] checks business functions against them. An undeclared name, a value outside a closed set and
//! an unprotected personal value are compile errors, which name the line of the YAML file that decides.
//!
//! ```
//! # /*
//! otel_contract::contract!("schema/billing.yaml"); // generates `pub mod billing`
//! # */ otel_contract::contract!("../otel-contract-runtime/doc/billing.yaml");
//!
//! use billing::{ErrorClass, instrumented_operation};
//!
//! #[derive(Debug, ErrorClass)]
//! #[error_class(billing, order_not_found)]
//! struct OrderNotFound;
//!
//! #[instrumented_operation(billing::InvoiceCreate, order.id, ok(|invoice| invoice.id = invoice))]
//! async fn create_invoice(order_id: &str) -> Result<String, OrderNotFound> {
//!     Ok(format!("inv_{order_id}"))
//! }
//! # fn main() {}
//! ```
//!
//! At run time, an [`Operation`] becomes a span in the instrumentation scope of the contract. [`AttributeValue`] converts
//! the attributes, [`protect`] protects personal values before they are recorded, and the returned value decides the
//! outcome.

#[doc(inline)]
pub use otel_contract_runtime::*;

pub use otel_contract_macros::{AttributeValue, Attributes, ErrorClass, instrumented_operation};

/// Compiles a contract file into a module of typed telemetry.
///
/// The path is relative to the crate's manifest, and the module has the name of the contract. A change of the file, or of
/// a file that it includes, rebuilds the crate. Every error in the contract is reported with its file, line and column;
/// the rest of the module is generated nevertheless, to avoid follow-up errors.
///
/// ```
/// # /*
/// otel_contract::contract!("schema/billing.yaml"); // generates `pub mod billing`
/// # */ otel_contract::contract!("../otel-contract-runtime/doc/billing.yaml");
///
/// # fn main() {
/// assert_eq!(billing::CONTRACT.version, "1.2.0");
/// assert_eq!("pro".parse(), Ok(billing::AccountTier::Pro));
/// // Checked at compile time, here and in a `const` item:
/// assert_eq!(billing::constant!(AccountTier, "pro"), billing::AccountTier::Pro);
/// # }
/// ```
#[macro_export]
macro_rules! contract {
    // With `$crate`, the generated macros find this crate from any other crate, so that a service needs to depend only on
    // the vocabulary crate.
    ($path:literal) => {
        $crate::__private::contract! { $crate $path }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`contract!` expects the path of a contract file\n  = help: write it as a string, relative to the crate: `contract!(\"schema/billing.yaml\")`"
        );
    };
}

/// Items that generated code uses. Not covered by SemVer.
#[doc(hidden)]
pub mod __private {
    pub use otel_contract_compiler::contract;
    pub use otel_contract_macros::__expand;
    pub use otel_contract_runtime::__private::*;
}
