//! Telemetry vocabulary as a compile-time contract.
//!
//! A team writes the names its telemetry may use once, in YAML; [`contract!`] compiles that file
//! into Rust types, and [`instrumented_operation`] holds business functions to it. A name that is
//! not in the vocabulary, a value outside its set, or a personal value in the clear does not
//! compile, and the error says which line of the YAML decides.
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
//! What happens at run time is in the modules here: an operation becomes a span of the contract's
//! instrumentation scope ([`Operation`]), with attributes converted by [`AttributeValue`], personal
//! ones protected on the way in ([`protect`]), and an outcome taken from what the function returned.

#[doc(inline)]
pub use otel_contract_runtime::*;

pub use otel_contract_macros::{AttributeValue, Attributes, ErrorClass, instrumented_operation};

/// Compiles a contract file into a module of typed telemetry.
///
/// The path is relative to the crate's manifest; the module has the contract's name. Editing the
/// file, or any file it includes, rebuilds the crate. A faulty contract is reported with the file,
/// line and column of every fault, and as much of the module as is sound is generated all the same.
///
/// ```
/// # /*
/// otel_contract::contract!("schema/billing.yaml"); // generates `pub mod billing`
/// # */ otel_contract::contract!("../otel-contract-runtime/doc/billing.yaml");
///
/// # fn main() {
/// assert_eq!(billing::CONTRACT.version, "1.2.0");
/// assert_eq!("pro".parse(), Ok(billing::AccountTier::Pro));
/// // Checked when compiling, here as in a `const` item:
/// assert_eq!(billing::constant!(AccountTier, "pro"), billing::AccountTier::Pro);
/// # }
/// ```
#[macro_export]
macro_rules! contract {
    // `$crate` goes along so that the generated macros find this crate from wherever they are
    // called: a service depends on the vocabulary crate alone.
    ($path:literal) => {
        $crate::__private::contract! { $crate $path }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`contract!` takes the path of a contract file\n  = help: write it as a string, relative to the crate: `contract!(\"schema/billing.yaml\")`"
        );
    };
}

/// What generated code uses. Not covered by SemVer.
#[doc(hidden)]
pub mod __private {
    pub use otel_contract_compiler::contract;
    pub use otel_contract_macros::__expand;
    pub use otel_contract_runtime::__private::*;
}
