//! The vocabularies of services whose edges are tested.

otel_contract::contract!("schema/edges.yaml");
otel_contract::contract!("schema/stock.yaml");
