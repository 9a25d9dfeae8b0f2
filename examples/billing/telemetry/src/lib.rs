//! Telemetry vocabulary of the Acme services.

otel_contract::contract!("schema/billing.yaml");
