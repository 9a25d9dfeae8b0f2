//! Compiles a contract and prints what is wrong with it: `cargo run --example check -- contract.yaml`.

use otel_contract_model::Source;
use otel_contract_yaml::compile;

fn main() {
    for path in std::env::args().skip(1) {
        let compiled = compile(&Source::file("", &path));
        print!("{}", compiled.diagnostics);
        if let Some(contract) = compiled.contract {
            println!(
                "{path}: {} attributes, {} operations",
                contract.attributes.len(),
                contract.operations.len()
            );
        }
    }
}
