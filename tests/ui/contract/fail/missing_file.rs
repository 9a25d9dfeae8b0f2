//! A file that is not there.


otel_contract::contract!("schema/nothing.yaml");

fn main() {}
