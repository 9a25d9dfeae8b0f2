//! What operations of a contract do at run time. Use it through `otel_contract`, which re-exports it beside
//! `contract!` and the other macros.
//!
//! An operation becomes a span of the contract's instrumentation scope ([`Operation`]), with attributes
//! converted by [`AttributeValue`], personal ones protected on the way in ([`protect`]), and an outcome taken
//! from what the function returned. A crate of its own, so that it is built beside the macros.

mod active;
mod active_operation;
mod attribute;
mod capped;
mod class;
mod clock;
#[doc(hidden)]
pub mod constant;
mod current;
mod definition;
pub mod description;
mod entry;
mod event;
mod future;
#[cfg(any(feature = "setup", feature = "testing"))]
mod ids;
mod local;
#[cfg(feature = "tracing")]
pub mod logs;
mod measure;
pub mod metric;
mod operation;
mod outcome;
mod panics;
mod parent;
mod plain;
#[doc(hidden)]
pub mod prediction;
#[cfg(any(feature = "setup", feature = "testing"))]
mod probability;
mod probe;
pub mod propagation;
pub mod protect;
mod received;
#[cfg(feature = "setup")]
pub mod setup;
mod shape;
mod slots;

mod span;
mod stream;
pub mod task;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use active::Active;
pub use attribute::{Attribute, AttributeGroup, AttributeSink, AttributeValue};
pub use class::NotAllowed;
pub use event::Event;
pub use operation::Operation;
pub use outcome::{ErrorClasses, Failure};
pub use parent::{IntoLink, IntoParent};
pub use task::{InContext, thread};
#[cfg(feature = "tokio")]
pub use task::{spawn, spawn_blocking};
pub use telemetry::{AnyContract, ContractProviders, Providers};

/// A [`propagation::TraceContext`] without baggage; the one of a contract is `billing::TraceContext`.
pub type TraceContext = propagation::TraceContext<propagation::NoBaggage>;

/// What generated code uses. Not covered by SemVer.
#[doc(hidden)]
pub mod __private {
    pub use crate::active::{Active, run as run_result};
    pub use crate::attribute::{
        AlwaysPresent, Attribute, AttributeGroup, AttributeInput, AttributeSink, AttributeValue,
        Bounded, Capped, FromPlain, Optional, Plain, Ref, Typed, capped_value, expect_present,
        record_field,
    };
    pub use crate::capped::CappedText;
    pub use crate::constant;
    pub use crate::definition::{
        AttributeDefinition, BaggageDefinition, ContractDefinition, ContractMetric, Dimension,
        InstrumentKind, MetricDefinition, Number, NumberType, OperationAttribute,
        OperationDefinition, Recorded, Sampling, Values, with_other_keys,
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
    pub use crate::outcome::{Classify, ErrorClasses, Failure, Inner, IntoClass};
    pub use crate::parent::{IntoLink, IntoParent};
    pub use crate::probe::{
        FutureEndsAtReturn, Known, OutcomeIsKnown, Probe, ProbeInner, ProbeReturned, Returned,
        StreamEndsAtReturn, ViaFuture, ViaOption, ViaParameter, ViaStream, ViaUnknown,
    };

    /// The ways to look at a returned value: one import for every annotated function.
    pub mod via {
        pub use crate::outcome::ViaUnclassed as _;
        pub use crate::probe::{
            ViaFuture as _, ViaHolder as _, ViaOption as _, ViaParameter as _, ViaStream as _,
            ViaUnknown as _, ViaValue as _,
        };
        pub use crate::shape::{ViaNamedFuture as _, ViaPlain as _, ViaUntimedStream as _};
        pub use crate::stream::{ViaFallible as _, ViaNoStream as _};
        // By names that are only used where a trait may be needed, so that no lint calls the import unused.
        pub use crate::probe::{Probe as __Probe, ProbeReturned as __ProbeReturned};
    }
    pub use crate::active_operation::{ActiveOperation, AttributesSet, Scope, call};
    pub use crate::local::{Attached, current as current_context};
    pub use crate::plain::{PlainValue, kind};
    pub use crate::propagation;
    pub use crate::protect::{Protected, ProtectedText};
    #[cfg(feature = "setup")]
    pub use crate::setup;
    pub use crate::shape::{Body, Frame, ViaNamedFuture, ViaUntimedStream};
    pub use crate::slots::Handle;

    pub use crate::stream::{OpaqueStreamShape, ReturnsStream, StreamShape, ViaNoStream};
    #[cfg(feature = "sdk")]
    pub use crate::telemetry::view;
    pub use crate::telemetry::{ContractProviders, KnownContract};
    #[cfg(feature = "testing")]
    pub use crate::testing;
    pub use opentelemetry::trace::SpanKind;
    pub use opentelemetry::{Array, Context, KeyValue, StringValue, Value};
    #[cfg(feature = "sdk")]
    pub use opentelemetry_sdk;
    #[cfg(feature = "serde")]
    pub use serde;

    pub use crate::{
        __capped as capped, __closed_ints as closed_ints, __closed_strings as closed_strings,
        __emits as emits, __if_sdk as if_sdk, __if_serde as if_serde, __if_setup as if_setup,
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
