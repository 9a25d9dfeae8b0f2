//! A missing file.


otel_contract::contract!("schema/nothing.yaml");

fn main() {}
