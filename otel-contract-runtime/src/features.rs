//! Messages for items that need a feature: what stands in the place of such an item while the feature is off.
//!
//! Nothing implements these traits. A function with such a bound can be named, and its call reports the message. Its
//! return type is unknown to rustc then, so nothing that uses the value is a further error.

macro_rules! features {
    ($($feature:literal $name:ident: $message:literal, $label:literal, $features:literal;)*) => {$(
        #[doc = concat!("Implemented by nothing while the feature `", $feature, "` is off.")]
        #[cfg(not(feature = $feature))]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $label,
            note = $features
        )]
        pub trait $name {
            /// The return type of functions that need the feature.
            type Missing;
        }
    )*};
}

features! {
    "setup" SetupFeature:
        "setting telemetry up takes the feature `otlp-http` or `otlp-grpc` of `otel-contract`",
        "needs the feature `otlp-http`, `otlp-grpc` or `setup`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"otlp-http\"] }}`";
    "testing" TestingFeature:
        "test scopes take the feature `testing` of `otel-contract`",
        "needs the feature `testing`",
        "in the `Cargo.toml` of the crate that owns the contract: `testing = [\"otel-contract/testing\"]` under `[features]`, and that feature in the dev-dependencies of the service";
    "tokio" TokioFeature:
        "spawning within a trace takes the feature `tokio` of `otel-contract`",
        "needs the feature `tokio`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"tokio\"] }}`";
}

/// What a module of a contract has in the place of items whose feature is off. The functions are defined in the crate that
/// owns the contract, since rustc shows where a bound is.
#[doc(hidden)]
#[macro_export]
macro_rules! __stubs {
    () => {
        $crate::__stub_of_setup! {}
        $crate::__stub_of_testing! {}
        $crate::__stub_of_tokio! {}
    };
}

macro_rules! stubs {
    ($($feature:literal $stub:ident { $($item:item)* })*) => {$(
        #[cfg(feature = $feature)]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $stub {
            () => {};
        }

        #[cfg(not(feature = $feature))]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $stub {
            () => { $($item)* };
        }
    )*};
}

stubs! {
    "setup" __stub_of_setup {
        #[doc(hidden)]
        pub fn telemetry<Given>(_: Given) -> <&'static () as __private::SetupFeature>::Missing
        where
            for<'a> &'a (): __private::SetupFeature,
        {
            ::core::unreachable!()
        }
    }
    "testing" __stub_of_testing {
        #[doc(hidden)]
        pub mod testing {
            pub fn scope() -> <&'static () as super::__private::TestingFeature>::Missing
            where
                for<'a> &'a (): super::__private::TestingFeature,
            {
                ::core::unreachable!()
            }
        }
    }
    "tokio" __stub_of_tokio {
        #[doc(hidden)]
        pub fn spawn<Work>(_: Work) -> <&'static () as __private::TokioFeature>::Missing
        where
            for<'a> &'a (): __private::TokioFeature,
        {
            ::core::unreachable!()
        }
    }
}
