//! Something that is no path.


otel_contract::contract!(nothing);

fn main() {}
