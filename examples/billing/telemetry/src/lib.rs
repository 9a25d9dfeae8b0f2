//! The words Acme's services may use in telemetry.

otel_contract::contract!("schema/billing.yaml");
