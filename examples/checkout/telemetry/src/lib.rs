//! Telemetry vocabulary of the checkout services.

otel_contract::contract!("schema/checkout.yaml");

/// Log writer that adds the trace id, the span id, the operation and the service to every line.
pub use otel_contract::logs::Correlated;
