//! A path as a byte string.


otel_contract::contract!(b"schema/billing.yaml");

fn main() {}
