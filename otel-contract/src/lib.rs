//! Telemetry vocabulary as a compile-time contract.
//!
//! A team writes the names its telemetry may use once, in YAML; [`contract!`] compiles that file
//! into Rust types, and [`instrumented_operation`] holds business functions to it. A name that is
//! not in the vocabulary, a value outside its set, or a personal value in the clear does not
//! compile, and the error says which line of the YAML decides.
//!
//! ```
//! otel_contract::contract!("doc/billing.yaml"); // generates `pub mod billing`
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

mod active;
mod attribute;
mod class;
mod clock;
mod current;
mod definition;
pub mod description;
mod entry;
mod event;
#[doc(hidden)]
pub mod foresight;
mod future;
mod ids;
#[cfg(feature = "tracing")]
pub mod logs;
mod measure;
pub mod metric;
mod operation;
mod outcome;
mod parent;
pub mod propagation;
pub mod protect;
mod running;
#[cfg(feature = "setup")]
pub mod setup;
mod slots;
mod source;
mod span;
pub mod task;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use active::Active;
pub use attribute::{Attribute, AttributeGroup, AttributeSink, AttributeValue};
pub use class::NotAllowed;
pub use event::Event;
pub use operation::Operation;
pub use otel_contract_macros::{AttributeValue, Attributes, ErrorClass, instrumented_operation};
pub use outcome::{ErrorClasses, Failure};
pub use parent::{IntoLink, IntoParent};
pub use task::{InContext, thread};
#[cfg(feature = "tokio")]
pub use task::{spawn, spawn_blocking};
pub use telemetry::Providers;

/// A [`propagation::TraceContext`] without baggage; the one of a contract is `billing::TraceContext`.
pub type TraceContext = propagation::TraceContext<propagation::NoBaggage>;

/// Compiles a contract file into a module of typed telemetry.
///
/// The path is relative to the crate's manifest; the module has the contract's name. Editing the
/// file, or any file it includes, rebuilds the crate. A faulty contract is reported with the file,
/// line and column of every fault, and as much of the module as is sound is generated all the same.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml"); // generates `pub mod billing`
///
/// # fn main() {
/// assert_eq!(billing::CONTRACT.version, "1.2.0");
/// assert_eq!("pro".parse(), Ok(billing::AccountTier::Pro));
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
    pub use crate::active::{Active, run as run_result};
    pub use crate::attribute::{
        Attribute, AttributeGroup, AttributeSink, AttributeValue, Certain, Give, Holds, Maybe, Own,
        Plain, Ref, certainly,
    };
    pub use crate::definition::{
        AttributeDefinition, ContractDefinition, ContractMetric, Dimension, InstrumentKind,
        MetricDefinition, Number, NumberType, OperationAttribute, OperationDefinition, Recorded,
        Sampling, Values, with_other_keys,
    };
    pub use crate::description;
    pub use crate::entry::{Entry, Prepared};
    #[cfg(not(feature = "logs"))]
    pub use crate::event::Emits;
    #[cfg(feature = "logs")]
    pub use crate::event::emit;
    pub use crate::event::{Event, EventAttributes, EventDefinition, Severity};
    pub use crate::future::{Run, run};
    pub use crate::metric;

    /// What a contract shows of its instruments, so that services can name them.
    pub mod instruments {
        pub use crate::metric::{
            Counter, Dimensions, Gauge, Histogram, Metric, Observable, Observer, Observing,
            UpDownCounter,
        };
    }
    pub use crate::operation::Operation;
    pub use crate::outcome::{
        ErrorClasses, Failure, IntoClass, NotAFuture, Probe, ViaFuture, ViaValue,
    };

    /// The ways to look at a returned value: one import for every annotated function.
    pub mod via {
        pub use crate::outcome::{ViaFuture as _, ViaValue as _};
    }
    pub use crate::parent::{IntoLink, IntoParent};
    pub use crate::propagation;
    pub use crate::protect::{Protected, ProtectedText};
    pub use crate::running::{Running, call};
    #[cfg(feature = "setup")]
    pub use crate::setup;
    pub use crate::slots::Handle;
    pub use crate::source::{Source, kind};
    #[cfg(feature = "sdk")]
    pub use crate::telemetry::view;
    #[cfg(feature = "testing")]
    pub use crate::testing;
    pub use opentelemetry::trace::SpanKind;
    pub use opentelemetry::{Array, Context, ContextGuard, KeyValue, StringValue, Value};
    #[cfg(feature = "sdk")]
    pub use opentelemetry_sdk;
    pub use otel_contract_compiler::contract;
    pub use otel_contract_macros::__expand;
    #[cfg(feature = "serde")]
    pub use serde;

    pub use crate::{
        __closed_ints as closed_ints, __closed_strings as closed_strings, __emits as emits,
        __if_sdk as if_sdk, __if_serde as if_serde, __if_setup as if_setup,
        __if_testing as if_testing, __personal as personal, __ranged as ranged,
        __require_hash as require_hash, __scalar as scalar, __text as text,
    };
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_serde {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_serde {
    ($($tokens:tt)*) => {};
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(feature = "sdk")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sdk {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(not(feature = "sdk"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sdk {
    ($($tokens:tt)*) => {};
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(feature = "setup")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_setup {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(not(feature = "setup"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_setup {
    ($($tokens:tt)*) => {};
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_testing {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Generated code is compiled under the features of the vocabulary crate; asking ours takes a macro.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_testing {
    ($($tokens:tt)*) => {};
}

/// Refuses a contract that hashes where hashing was left out.
#[cfg(feature = "hash")]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_hash {
    ($message:literal) => {};
}

/// Refuses a contract that hashes where hashing was left out.
#[cfg(not(feature = "hash"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_hash {
    ($message:literal) => {
        ::core::compile_error!($message);
    };
}
