//! The real registry of the semantic conventions: import, round trip, and the generated table. The registry is
//! expected in `../shared/data/semconv` or in the folder `OTEL_CONTRACT_SEMCONV`. Without it, the affected tests
//! print that they were skipped.

mod support;

use std::fs;

use otel_contract_cli::semconv_table::table;
use otel_contract_cli::weaver::Outcome;
use otel_contract_model::semconv;
use support::{canonical, contract, exported_and_imported, try_import, workspace};

#[test]
fn every_attribute_is_converted_or_reported_without_open_decisions() {
    let Some(folder) = support::semconv() else {
        return;
    };
    let imported = try_import(&folder).expect("a contract");
    let report = &imported.report;
    assert_eq!(report.attributes, 943);
    assert!(
        report.converted * 100 >= 943 * 95,
        "only {}",
        report.converted
    );
    let listed = report
        .items
        .iter()
        .filter(|item| item.outcome == Outcome::LeftOut && item.subject.starts_with("attribute `"));
    assert_eq!(report.converted + listed.count(), 943);
    assert_eq!(report.to_review(), 0);
    let contract = contract(&imported.text);
    assert_eq!(
        contract.attributes.len() + contract.templates.len(),
        report.converted
    );
    // One of each format.
    for key in ["android.os.api_level", "server.address"] {
        assert!(contract.attribute(key).is_some(), "{key}");
    }
    assert!(contract.operations.len() > 90 && contract.metrics.len() > 500);
    assert!(contract.events.len() > 25 && contract.groups.len() > 50);
}

#[test]
fn the_conventions_survive_a_round_trip() {
    let Some(folder) = support::semconv() else {
        return;
    };
    let imported = try_import(&folder).expect("a contract");
    let before = contract(&imported.text);
    let again = exported_and_imported(&before, "semconv_again");
    assert_eq!(canonical(&contract(&again.text)), canonical(&before));
}

#[test]
fn the_bundled_table_matches_the_registry_and_the_rules() {
    let Some(folder) = support::semconv() else {
        return;
    };
    let generated = table(&folder).expect("a table");
    let path = workspace().join("otel-contract-model/src/semconv/table.tsv");
    let bundled = fs::read_to_string(&path).expect("the table");
    let command = "cargo run -p otel-contract-cli -- semconv-table ../shared/data/semconv -o otel-contract-model/src/semconv/table.tsv";
    assert!(generated == bundled, "regenerate it: {command}");
}

#[test]
fn the_table_lists_every_attribute_once() {
    assert_eq!(semconv::all().count(), 943);
}

#[test]
fn a_registry_without_matching_rules_is_an_error() {
    let error = table("tests/registries/base".as_ref()).expect_err("no table");
    assert!(
        error.contains("`base.unused` has no privacy class: no rule matches"),
        "{error}"
    );
    // Rules without an attribute are reported too.
    assert!(
        error.contains("`user.email` has a rule but is not an attribute"),
        "{error}"
    );
    assert!(table("tests/registries/nowhere".as_ref()).is_err());
}
