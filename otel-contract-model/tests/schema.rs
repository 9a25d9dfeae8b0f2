//! Checks that the JSON Schema is up to date, and that all contracts of the repository match it.

use std::fs;
use std::path::{Path, PathBuf};

use otel_contract_model::{Source, json_schema, reference};
use otel_contract_yaml::compile;
use serde_json::Value;

fn repository() -> PathBuf {
    let model = Path::new(env!("CARGO_MANIFEST_DIR"));
    model.parent().expect("the workspace").to_owned()
}

/// Checks that a generated file is up to date, or writes it under `OTEL_CONTRACT_BLESS`.
fn is_up_to_date(path: &str, generated: &str) {
    let path = repository().join(path);
    if std::env::var_os("OTEL_CONTRACT_BLESS").is_some() {
        fs::write(&path, generated).expect("the file can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "run with OTEL_CONTRACT_BLESS=1 to write {}",
        path.display()
    );
}

#[test]
fn the_schema_in_the_repository_is_up_to_date() {
    let generated = serde_json::to_string_pretty(&json_schema()).expect("JSON") + "\n";
    is_up_to_date("schema/otel-contract.schema.json", &generated);
}

#[test]
fn the_reference_of_the_file_format_is_up_to_date() {
    is_up_to_date("docs/format.md", &reference());
}

/// Returns all YAML files in a folder, except build output.
fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != "target" {
            yaml_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
}

#[test]
fn every_contract_matches_the_schema_and_names_it() {
    let schema = repository().join("schema/otel-contract.schema.json");
    let validator = jsonschema::validator_for(&json_schema()).expect("a valid schema");
    let mut contracts = Vec::new();
    // All contracts except contracts with intended errors: `tests/faults` and `tests/fixtures/faulty`.
    for folder in [
        "otel-contract-runtime/doc",
        "otel-contract-model/tests/contracts",
        "schema",
        "examples",
        "tests/vocabulary",
        "tests/clients",
        "tests/edges",
        "tests/odd",
        "tests/renames",
        "tests/fixtures/hash",
        "tests/fixtures/rebuild",
    ] {
        yaml_files(&repository().join(folder), &mut contracts);
    }
    assert!(contracts.len() >= 3, "only {contracts:?}");
    for path in contracts {
        let text = fs::read_to_string(&path).expect("a contract");
        let first = text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("# yaml-language-server: $schema=");
        let named = named.unwrap_or_else(|| panic!("{} names no schema", path.display()));
        let folder = path.parent().expect("a folder");
        let target = folder.join(named).canonicalize();
        let target = target.unwrap_or_else(|error| panic!("{}: {named}: {error}", path.display()));
        assert_eq!(
            target,
            schema.canonicalize().expect("the schema"),
            "{}",
            path.display()
        );

        let contract: Value = serde_yaml::from_str(&text).expect("YAML");
        let errors: Vec<String> = validator
            .iter_errors(&contract)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn the_schema_rejects_what_the_reader_rejects() {
    let validator = jsonschema::validator_for(&json_schema()).expect("a valid schema");
    let good = "contract: billing\nversion: 1.0.0\nbrief: Words.\ndefaults: {privacy: internal}\n";
    let invalid = [
        "colour: blue",
        "attributes: { a: { type: string, cardinality: unbounded } }",
        "attributes: { a: { type: text, brief: A. } }",
        "attributes: { a: { values: [], brief: A. } }",
        "groups: { g: { a: mandatory } }",
        "errors: { e: 5 }",
        "errors: { e: '' }",
        "groups: { g: { rust_name: G, a: required } }",
        "operations: { o: { brief: ' ' } }",
        "operations: { o: { brief: O., sampling: { keep: [all] } } }",
        "operations: { o: { brief: O., metrics: true } }",
        "operations: { o: { brief: O., kind: server, route: orders } }",
        "operations: { o: { brief: O., kind: server, route: post /orders } }",
        "operations: { o: { brief: O., kind: server, route: [GET /orders, '/orders?page'] } }",
        "operations: { o: { brief: O., kind: server, route: { get: /orders } } }",
        "metrics: { m: { instrument: counter, brief: M. } }",
        "events: { e: { brief: E. } }",
    ];
    let valid = |text: &str| {
        let contract: Value = serde_yaml::from_str(text).expect("YAML");
        validator.is_valid(&contract)
    };
    assert!(valid(good));
    for line in invalid {
        let text = format!("{good}{line}\n");
        assert!(!valid(&text), "the schema accepts: {line}");
        let compiled = compile(&Source::text("", "contract.yaml", text.as_str()));
        assert!(
            !compiled.diagnostics.is_empty(),
            "the reader accepts: {line}"
        );
    }
}
