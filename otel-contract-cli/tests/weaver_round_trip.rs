//! A contract written as a registry and read again is the same contract.

mod support;

use std::path::Path;

use otel_contract_cli::weaver::Outcome;
use otel_contract_model::{Source, compile};
use support::{canonical, contract, there_and_back, workspace};

/// Every sound contract of the repository, relative to the workspace.
const CONTRACTS: [&str; 8] = [
    "otel-contract-model/tests/contracts/everything.yaml",
    "otel-contract-model/tests/contracts/billing.yaml",
    "examples/billing/telemetry/schema/billing.yaml",
    "tests/vocabulary/schema/billing.yaml",
    "tests/vocabulary/schema/forms.yaml",
    "tests/odd/schema/odd.yaml",
    "benches/schema/bench.yaml",
    "otel-contract-cli/tests/contracts/odd_ends.yaml",
];

#[test]
fn every_contract_of_the_repository_comes_back_as_it_was() {
    for path in CONTRACTS {
        let compiled = compile(&Source::file(workspace(), path));
        assert_eq!(compiled.diagnostics.to_string(), "", "{path}");
        let before = compiled.contract.expect("a contract");
        let name = Path::new(path)
            .file_stem()
            .expect("a name")
            .to_string_lossy();
        let imported = there_and_back(&before, &format!("round_trip_{name}_{}", path.len()));
        let after = contract(&imported.text);
        assert_eq!(
            canonical(&after),
            canonical(&before),
            "{path}\n{}",
            imported.text
        );
        let lost: Vec<_> = imported
            .report
            .items
            .iter()
            .filter(|item| item.outcome != Outcome::Changed)
            .collect();
        assert!(lost.is_empty(), "{path}: {lost:?}");
    }
}
