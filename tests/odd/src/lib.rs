//! Words Rust uses itself.

otel_contract::contract!("schema/odd.yaml");
