//! Messages for items that need a feature: what generated code has in the place of such an item while the feature is off.
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
