//! Runtime of contracts. Use it through `otel_contract`, which re-exports it with `contract!` and the other macros.
//!
//! An operation becomes a span of the contract's instrumentation scope ([`Operation`]). Its attributes are converted by
//! [`AttributeValue`], personal attributes are protected first ([`protect`]), and its outcome is derived from the
//! returned value. This is a separate crate, so that cargo builds it in parallel with the macros.

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
#[cfg(any(feature = "edge", feature = "edge-client"))]
pub mod edge;
mod entry;
mod event;
mod features;
mod future;
#[cfg(any(
    feature = "edge",
    feature = "edge-client",
    feature = "otlp-grpc",
    feature = "testing"
))]
#[cfg_attr(not(feature = "edge"), allow(dead_code))] // The statuses of requests that a layer sees.
mod grpc;
#[cfg(any(feature = "setup", feature = "testing"))]
mod ids;
mod local;
#[cfg(feature = "tracing")]
mod logged;
#[cfg(feature = "tracing")]
pub mod logs;
mod lost;
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

/// A [`propagation::TraceContext`] without baggage. `billing::TraceContext` has the baggage of contract `billing`.
pub type TraceContext = propagation::TraceContext<propagation::NoBaggage>;

/// Items used by generated code. Not covered by SemVer.
#[doc(hidden)]
pub mod __private {
    pub use crate::active::{Active, run as run_result};
    pub use crate::attribute::{
        AlwaysPresent, Attribute, AttributeGroup, AttributeInput, AttributeSink, AttributeValue,
        Bounded, Capped, CappedInput, FromPlain, Optional, Plain, Ref, SaturatingInput, Typed,
        capped_value, expect_present, record_field,
    };
    pub use crate::capped::CappedText;
    pub use crate::constant;
    pub use crate::definition::{
        AttributeDefinition, BaggageDefinition, ContractDefinition, ContractIndex, ContractMetric,
        Dimension, InputValue, InstrumentKind, MetricDefinition, NumberType, OperationAttribute,
        OperationDefinition, Route, Sampling, Values, with_other_keys,
    };
    pub use crate::description;
    #[cfg(any(feature = "edge", feature = "edge-client"))]
    pub use crate::edge;
    pub use crate::entry::{Entry, Prepared};
    #[cfg(not(feature = "logs"))]
    pub use crate::event::Emits;
    #[cfg(feature = "logs")]
    pub use crate::event::emit;
    pub use crate::event::{Event, EventAttributes, EventDefinition, Severity};
    pub use crate::future::{Run, run};
    pub use crate::metric;

    /// Items that a contract re-exports in its module `metrics`, so that services can name its instruments.
    pub mod instruments {
        pub use crate::metric::{
            CallbackRegistration, Counter, Dimensions, Gauge, Histogram, Metric, Observable,
            Observer, UpDownCounter,
        };
    }
    pub use crate::operation::Operation;
    pub use crate::outcome::{Classify, ErrorClasses, Failure, Inner, IntoClass};
    pub use crate::parent::{IntoLink, IntoParent};
    pub use crate::probe::{
        FutureEndsAtReturn, Known, OutcomeIsKnown, Probe, ProbeInner, ProbeReturned, Returned,
        StreamEndsAtReturn, ViaFuture, ViaOption, ViaParameter, ViaStream, ViaUnknown,
    };

    /// Traits that inspect a returned value by method lookup. Every annotated function imports them with one glob.
    pub mod probe_traits {
        pub use crate::outcome::ViaUnclassed as _;
        pub use crate::probe::{
            ViaFuture as _, ViaHolder as _, ViaOption as _, ViaParameter as _, ViaStream as _,
            ViaUnknown as _, ViaValue as _,
        };
        pub use crate::shape::{ViaNamedFuture as _, ViaPlain as _, ViaUntimedStream as _};
        pub use crate::stream::{ViaFallible as _, ViaNoStream as _};
        // Generated code uses these aliases wherever it may need a trait, so that no lint reports the import as unused.
        pub use crate::probe::{Probe as __Probe, ProbeReturned as __ProbeReturned};
    }
    pub use crate::active_operation::{ActiveOperation, AttributesSet, Scope, call};
    pub use crate::local::{Attached, current as current_context};
    pub use crate::plain::{PlainValue, kind};
    pub use crate::propagation;
    pub use crate::protect::{Protected, ProtectedText};
    #[cfg(feature = "setup")]
    pub use crate::setup;

    #[cfg(not(feature = "actix"))]
    pub use crate::features::ActixFeature;
    #[cfg(not(feature = "reqwest"))]
    pub use crate::features::ReqwestFeature;
    #[cfg(not(feature = "setup"))]
    pub use crate::features::SetupFeature;
    #[cfg(not(feature = "testing"))]
    pub use crate::features::TestingFeature;
    #[cfg(not(feature = "tokio"))]
    pub use crate::features::TokioFeature;
    #[cfg(not(feature = "tower"))]
    pub use crate::features::TowerFeature;
    /// Items that every module of a contract re-exports with a glob. An item of the contract with the same name shadows
    /// the re-export.
    pub mod shared {
        pub use crate::active::Active;
        #[cfg(feature = "edge-client")]
        pub use crate::edge;
        #[cfg(feature = "tracing")]
        pub use crate::logs;
        #[cfg(feature = "tokio")]
        pub use crate::task::{spawn, spawn_blocking};
        #[cfg(feature = "testing")]
        pub use crate::testing;
    }
    pub use crate::shape::{Body, Frame, ViaNamedFuture, ViaUntimedStream};
    pub use crate::slots::Handle;

    pub use crate::stream::{OpaqueStreamShape, ReturnsStream, StreamShape, ViaNoStream};
    #[cfg(feature = "sdk")]
    pub use crate::telemetry::view;
    pub use crate::telemetry::{ContractProviders, KnownContract, report_unrecorded_after};
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
        __described as described, __emits as emits, __if_actix as if_actix,
        __if_edge_client as if_edge_client, __if_reqwest as if_reqwest, __if_sdk as if_sdk,
        __if_serde as if_serde, __if_setup as if_setup, __if_testing as if_testing,
        __if_tower as if_tower, __personal as personal, __ranged as ranged,
        __require_hash as require_hash, __scalar as scalar, __stubs as stubs, __text as text,
    };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "actix")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_actix {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "actix"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_actix {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_serde {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_serde {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "sdk")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sdk {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "sdk"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_sdk {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "setup")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_setup {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "setup"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_setup {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_testing {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_testing {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "tower")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_tower {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "tower"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_tower {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "edge-client")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_edge_client {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "edge-client"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_edge_client {
    ($($tokens:tt)*) => {};
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(feature = "reqwest")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_reqwest {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// Expands to its input if this crate has the feature. Generated code cannot use `cfg`, which would test the features of
/// the vocabulary crate.
#[cfg(not(feature = "reqwest"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_reqwest {
    ($($tokens:tt)*) => {};
}

/// The description of a contract, which only the testing kit reads at run time.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($contract:ident) => {
        ::core::option::Option::Some(&$contract)
    };
}

/// Leaves the description of a contract out, so that a service does not contain it.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($contract:ident) => {
        ::core::option::Option::None
    };
}

/// Rejects a contract that hashes values if this crate is built without feature `hash`.
#[cfg(feature = "hash")]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_hash {
    ($message:literal) => {};
}

/// Rejects a contract that hashes values if this crate is built without feature `hash`.
#[cfg(not(feature = "hash"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __require_hash {
    ($message:literal) => {
        ::core::compile_error!($message);
    };
}
