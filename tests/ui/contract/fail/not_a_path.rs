//! An argument that is not a path.


otel_contract::contract!(nothing);

fn main() {}
