//! Imported registries, and errors of registries.
//!
//! `OTEL_CONTRACT_BLESS=1 cargo test -p otel-contract-cli --test weaver_import` updates the expected files.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use otel_contract_cli::weaver::{Outcome, codes};
use support::{canonical, contract, exported_and_imported, folder, try_import};

/// Compares a text with a file, or updates the file.
fn compare(path: &Path, text: &str) {
    if std::env::var_os("OTEL_CONTRACT_BLESS").is_some() {
        fs::write(path, text).expect("the blessed text");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, expected, "{}", path.display());
}

#[test]
fn a_registry_of_both_formats_with_a_dependency_becomes_a_contract() {
    let imported = try_import(Path::new("tests/registries/shop")).expect("a contract");
    compare(
        Path::new("tests/registries/shop.contract.yaml"),
        &imported.text,
    );
    compare(
        Path::new("tests/registries/shop.report.txt"),
        &imported.report.human(),
    );
    let before = contract(&imported.text);
    let again = exported_and_imported(&before, "shop_again");
    assert_eq!(canonical(&contract(&again.text)), canonical(&before));
}

#[test]
fn every_attribute_is_converted_or_reported() {
    let imported = try_import(Path::new("tests/registries/shop")).expect("a contract");
    let report = imported.report;
    assert_eq!((report.attributes, report.converted), (12, 10));
    let listed = report
        .items
        .iter()
        .filter(|item| item.outcome == Outcome::LeftOut && item.subject.starts_with("attribute `"));
    assert_eq!(listed.count(), report.attributes_left_out());
}

#[test]
fn the_json_report_lists_everything_with_its_location() {
    let imported = try_import(Path::new("tests/registries/shop")).expect("a contract");
    let json = imported.report.json();
    let items = json["items"].as_array().expect("items");
    assert_eq!(items.len(), imported.report.items.len());
    let any = items
        .iter()
        .find(|item| item["subject"] == "attribute `shop.extra`");
    let any = any.expect("the attribute of any type");
    assert_eq!(any["outcome"], "left_out");
    assert_eq!(any["place"], "tests/registries/shop/model/first.yaml:50");
}

#[test]
fn every_registry_error_is_reported_with_its_location() {
    let mut names: Vec<String> = fs::read_dir("tests/registries/faults")
        .expect("the cases")
        .map(|entry| {
            entry
                .expect("a case")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !name.ends_with(".stderr"))
        .collect();
    names.sort();
    assert!(names.len() >= 16, "only {} cases", names.len());
    let mut seen = BTreeSet::new();
    for name in names {
        let path = format!("tests/registries/faults/{name}");
        let error = try_import(Path::new(&path)).expect_err(&name);
        compare(Path::new(&format!("{path}.stderr")), &error);
        let known = codes::ALL.iter().filter(|code| error.contains(code.id));
        seen.extend(known.map(|code| code.id));
    }
    // The case for this code is too long for a file; a test below creates it.
    seen.insert(codes::TOO_DEEP.id);
    let all: BTreeSet<&str> = codes::ALL.iter().map(|code| code.id).collect();
    assert_eq!(seen, all, "every code has a case");
}

/// Imports a registry with one file.
fn of_bytes(name: &str, bytes: &[u8]) -> Result<String, String> {
    let folder = folder(name);
    fs::write(folder.join("model.yaml"), bytes).expect("the file");
    try_import(&folder).map(|imported| imported.text)
}

#[test]
fn folders_that_are_not_a_registry_are_reported() {
    let missing = try_import(Path::new("tests/registries/nowhere")).expect_err("missing");
    assert_eq!(missing, "no folder `tests/registries/nowhere`");
    let file = Path::new("tests/registries/base/all.yaml");
    let error = try_import(file).expect_err("a file");
    assert!(
        error.contains("is a file, not the folder of a registry"),
        "{error}"
    );
    let error = try_import(&folder("no_registry_at_all")).expect_err("an empty folder");
    assert!(
        error.contains("contains no registry") && error.contains("help:"),
        "{error}"
    );
    let error = of_bytes("other_yaml", b"services: {}\n").expect_err("another format");
    assert!(error.contains("contains no registry"), "{error}");
}

#[test]
fn bytes_that_are_not_utf8_are_reported_with_their_line() {
    let error = of_bytes("no_text", b"groups:\n  - id: \xff\xfe\n").expect_err("no text");
    assert!(
        error.contains("OC0003") && error.contains("line 2"),
        "{error}"
    );
}

#[test]
fn a_huge_file_is_rejected() {
    let mut text = b"groups: []\n".to_vec();
    text.resize(5 * 1024 * 1024, b'#');
    let error = of_bytes("huge", &text).expect_err("huge");
    assert!(error.contains("OC0004"), "{error}");
}

#[test]
fn exponential_aliases_are_rejected() {
    let mut text = String::from("groups:\n  - &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let last = level - 1;
        let many = format!("*a{last}, ").repeat(10);
        writeln!(text, "  - &a{level} [{many}]").expect("writing to a string succeeds");
    }
    let error = of_bytes("bomb", text.as_bytes()).expect_err("a bomb");
    assert!(error.contains("OC0011"), "{error}");
}

#[test]
fn too_deeply_nested_groups_are_rejected() {
    let mut text = String::from("groups:\n");
    for group in 0..20_000 {
        let next = group + 1;
        writeln!(
            text,
            "  - {{ id: g{group}, type: attribute_group, brief: G., extends: g{next} }}"
        )
        .expect("writing to a string succeeds");
    }
    text.push_str("  - { id: g20000, type: attribute_group, brief: G. }\n");
    let error = of_bytes("deep", text.as_bytes()).expect_err("too deep");
    assert!(error.contains("OC0912"), "{error}");
}

#[test]
fn many_uses_and_errors_on_one_line_are_reported_quickly() {
    let mut uses = String::new();
    for use_ in 0..40_000 {
        write!(uses, "{{ ref: a.a{use_} }}, ").expect("writing to a string succeeds");
    }
    let text = format!("groups: [{{ id: span.a, type: span, brief: A., attributes: [{uses}] }}]\n");
    let error = of_bytes("many", text.as_bytes()).expect_err("unknown attributes");
    assert!(
        error.contains("attribute `a.a0` is not defined") && error.contains("more errors"),
        "{error}"
    );
}

#[test]
fn a_registry_without_attributes_becomes_a_contract_without_attributes() {
    let text = of_bytes("empty_groups", b"groups: []\n").expect("a contract");
    assert!(contract(&text).attributes.is_empty());
}

#[test]
fn an_aliased_text_is_resolved() {
    let text = "groups:\n  - id: registry.a\n    type: attribute_group\n    brief: &b Same words.\n    \
        attributes:\n      - { id: a.one, type: boolean, brief: *b }\n";
    let text = of_bytes("aliased", text.as_bytes()).expect("a contract");
    let one = contract(&text)
        .attribute("a.one")
        .cloned()
        .expect("the attribute");
    assert_eq!(one.brief, "Same words.");
}
