//! A path that is no text.


otel_contract::contract!(b"schema/billing.yaml");

fn main() {}
