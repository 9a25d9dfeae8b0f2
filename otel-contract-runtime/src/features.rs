//! Messages for items that need a feature: stubs that replace such an item while the feature is off.
//!
//! No type implements these traits. Naming a function with such a bound compiles; calling it reports the message. rustc
//! does not know the return type of that call, so uses of the value cause no further errors.

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
    "actix" ActixFeature:
        "the middleware for servers of actix-web requires the feature `actix` of `otel-contract`",
        "needs the feature `actix`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"actix\"] }}`";
    "setup" SetupFeature:
        "setting telemetry up requires the feature `otlp-http`, `otlp-grpc` or `setup` of `otel-contract`",
        "needs the feature `otlp-http`, `otlp-grpc` or `setup`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"otlp-http\"] }}`";
    "reqwest" ReqwestFeature:
        "the middleware for reqwest requires the feature `reqwest` of `otel-contract`",
        "needs the feature `reqwest`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"reqwest\"] }}`";
    "testing" TestingFeature:
        "test scopes require the feature `testing` of `otel-contract`",
        "needs the feature `testing`",
        "in the `Cargo.toml` of the crate that owns the contract: `testing = [\"otel-contract/testing\"]` under `[features]`, and that feature in the dev-dependencies of the service";
    "tokio" TokioFeature:
        "spawning within a trace requires the feature `tokio` of `otel-contract`",
        "needs the feature `tokio`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"tokio\"] }}`";
    "tower" TowerFeature:
        "the layers for servers and clients require the feature `tower` of `otel-contract`",
        "needs the feature `tower`",
        "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"tower\"] }}`";
}

/// Stubs that a module of a contract contains instead of items whose feature is off. The stubs are expanded in the crate
/// that owns the contract, because rustc's error points to the bound, and the feature is enabled in that crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __stubs {
    () => {
        $crate::__stub_of_reqwest! {}
        $crate::__stub_of_actix! {}
        $crate::__stub_of_setup! {}
        $crate::__stub_of_testing! {}
        $crate::__stub_of_tokio! {}
        $crate::__stub_of_tower! {}
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
    "reqwest" __stub_of_reqwest {
        #[doc(hidden)]
        pub fn reqwest_middleware() -> <&'static () as __private::ReqwestFeature>::Missing
        where
            for<'a> &'a (): __private::ReqwestFeature,
        {
            ::core::unreachable!()
        }
    }
    "actix" __stub_of_actix {
        #[doc(hidden)]
        pub fn actix_middleware() -> <&'static () as __private::ActixFeature>::Missing
        where
            for<'a> &'a (): __private::ActixFeature,
        {
            ::core::unreachable!()
        }
    }
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
    "tower" __stub_of_tower {
        #[doc(hidden)]
        pub fn server_layer() -> <&'static () as __private::TowerFeature>::Missing
        where
            for<'a> &'a (): __private::TowerFeature,
        {
            ::core::unreachable!()
        }

        #[doc(hidden)]
        pub fn client_layer() -> <&'static () as __private::TowerFeature>::Missing
        where
            for<'a> &'a (): __private::TowerFeature,
        {
            ::core::unreachable!()
        }
    }
}
