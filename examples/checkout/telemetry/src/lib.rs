//! The words the services of the checkout may use in telemetry.

otel_contract::contract!("schema/checkout.yaml");

/// Puts trace, span, operation and service on every line of a service's log.
pub use otel_contract::logs::Correlated;
