//! The vocabulary of a service whose requests are tested.

otel_contract::contract!("schema/clients.yaml");
