//! A path spelled by the numbers of its characters.


otel_contract::contract!("schema/\u{62}illing.yaml");

fn main() {}
