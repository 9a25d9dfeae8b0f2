//! Exported contracts are imported as the same contract.

mod support;

use std::fs;
use std::path::Path;

use otel_contract_cli::weaver::{Outcome, export};
use otel_contract_model::{Contract, Node, Source};
use otel_contract_yaml::compile;
use support::{canonical, contract, exported_and_imported, workspace};

/// Valid contracts, relative to the workspace. `everything.yaml` uses every form of the file format.
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

fn valid_contract(path: &str) -> Contract {
    let compiled = compile(&Source::file(workspace(), path));
    assert_eq!(compiled.diagnostics.to_string(), "", "{path}");
    compiled.contract.expect("a contract")
}

#[test]
fn contracts_survive_a_round_trip() {
    for path in CONTRACTS {
        let before = valid_contract(path);
        let name = Path::new(path)
            .file_stem()
            .expect("a name")
            .to_string_lossy();
        let imported = exported_and_imported(&before, &format!("round_trip_{name}_{}", path.len()));
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

#[test]
fn the_comparison_detects_every_change() {
    let path = workspace().join("otel-contract-cli/tests/contracts/odd_ends.yaml");
    let text = fs::read_to_string(path).expect("the contract");
    let before = canonical(&contract(&text));
    for (was, is) in [
        ("keep_last: 2", "keep_last: 3"),
        ("limit: 9", "limit: 8"),
        ("rust_name: Zero", "rust_name: Nought"),
        ("keys: [b, a-b, c.d]", "keys: [a-b, b, c.d]"),
        ("ratio: 0.0625", "ratio: 0.0624"),
        ("slower_than: 2min", "slower_than: 3min"),
        ("severity: fatal", "severity: error"),
        ("removed_in: 1.0.0", "removed_in: 1.0.1"),
        ("label.a-b: on_success", "label.a-b: recommended"),
        ("errors: []", "errors: [plain]"),
        ("service.version: required", "service.version: opt_in"),
        ("series_per_metric: 5000", "series_per_metric: 6000"),
        ("keys: []", "keys: [some]"),
    ] {
        assert!(text.contains(was), "{was}");
        let after = canonical(&contract(&text.replacen(was, is, 1)));
        assert_ne!(after, before, "{was}");
    }
}

#[test]
fn an_exported_registry_matches_the_expected_files() {
    let contract = valid_contract("otel-contract-model/tests/contracts/everything.yaml");
    for (file, text) in export(&contract).files {
        let path = Path::new("tests/registries/everything").join(file);
        if std::env::var_os("OTEL_CONTRACT_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
            fs::write(&path, &text).expect("the blessed text");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{}", path.display());
    }
}

#[test]
fn spans_that_weaver_cannot_resolve_are_reported() {
    let contract = contract(
        "contract: a\nversion: 0.1.0\nbrief: A.\nschema_url: https://a.example/0.1.0\n\
         attributes: { a.b: { type: boolean, privacy: public, brief: B. } }\n\
         groups: { one: { a.b: required }, two: { a.b: opt_in } }\n\
         operations: { act: { brief: Act., groups: [one, two] } }\n",
    );
    let report = export(&contract).report;
    let [item] = report.items.as_slice() else {
        panic!("{:?}", report.items);
    };
    assert_eq!(item.outcome, Outcome::Review);
    assert_eq!(item.subject, "`a.b` in operation `act`");
    assert!(item.reason.contains("Weaver cannot resolve"));
}

/// Fields that Weaver accepts at each level; it rejects all others.
const FIELDS: [(&str, &[&str]); 7] = [
    (
        "attributes",
        &[
            "key",
            "type",
            "examples",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "attribute_groups",
        &[
            "id",
            "visibility",
            "attributes",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "entities",
        &[
            "type",
            "identity",
            "description",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "spans",
        &[
            "type",
            "kind",
            "name",
            "attributes",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "metrics",
        &[
            "name",
            "instrument",
            "unit",
            "attributes",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "events",
        &[
            "name",
            "attributes",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
    (
        "members",
        &[
            "id",
            "value",
            "brief",
            "note",
            "stability",
            "deprecated",
            "annotations",
        ],
    ),
];

#[test]
fn an_exported_registry_only_has_fields_that_weaver_accepts() {
    for path in CONTRACTS {
        for (file, text) in export(&valid_contract(path)).files {
            let document =
                otel_contract_yaml::document(&Source::text("", file, text)).expect("a document");
            let root = document.root();
            if file == "manifest.yaml" {
                let url = root.get("schema_url").and_then(Node::text).expect("a URL");
                assert!(url.starts_with("https://"), "{url}");
                continue;
            }
            assert_eq!(
                root.get("file_format").and_then(Node::text),
                Some("definition/2")
            );
            for (section, known) in FIELDS {
                for entry in root.get(section).map_or(&[][..], Node::items) {
                    only(entry, known, path);
                    uses(entry, section == "spans", path);
                    let members = entry
                        .get("type")
                        .and_then(|attribute_type| attribute_type.get("members"));
                    for member in members.map_or(&[][..], Node::items) {
                        only(member, FIELDS[6].1, path);
                    }
                }
            }
        }
    }
}

fn only(node: &Node, known: &[&str], path: &str) {
    for (key, _) in node.entries() {
        let key = key.text().expect("a key");
        assert!(known.contains(&key), "{path}: `{key}`");
    }
}

fn uses(entry: &Node, is_span: bool, path: &str) {
    for list in ["attributes", "identity", "description"] {
        for usage in entry.get(list).map_or(&[][..], Node::items) {
            let known: &[&str] = if usage.get("ref_group").is_some() {
                &["ref_group"]
            } else if is_span {
                &[
                    "ref",
                    "requirement_level",
                    "sampling_relevant",
                    "annotations",
                ]
            } else {
                &["ref", "requirement_level", "annotations"]
            };
            only(usage, known, path);
        }
    }
}
