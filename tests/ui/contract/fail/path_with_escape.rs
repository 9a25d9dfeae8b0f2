//! A path with escaped characters.


otel_contract::contract!("schema/\u{62}illing.yaml");

fn main() {}
