//! Telemetry vocabulary of the checkout services.

otel_contract::contract!("schema/checkout.yaml");

/// Log formatter that adds the trace, the span, the operation and the service to every line.
pub use otel_contract::logs::Correlated;
