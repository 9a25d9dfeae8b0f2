//! The vocabulary of a service whose edges are tested.

otel_contract::contract!("schema/edges.yaml");
