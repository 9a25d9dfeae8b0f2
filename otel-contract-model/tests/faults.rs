//! Compiles each case `faults/<error>.yaml`, and compares its errors with `<error>.stderr`. Cases with several
//! files are folders with a `contract.yaml`.
//!
//! `OTEL_CONTRACT_BLESS=1 cargo test -p otel-contract-model` updates the `.stderr` files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use otel_contract_model::{Source, codes};
use otel_contract_yaml::compile;

/// The names of the cases, each with its source.
fn cases() -> Vec<(String, Source)> {
    let folder = folder();
    let mut cases: Vec<(String, Source)> = fs::read_dir(&folder)
        .expect("the cases")
        .filter_map(|entry| {
            let path = entry.expect("a case").path();
            let name = path.file_name()?.to_str()?.to_owned();
            if path.is_dir() {
                return Some((name, Source::file(path, "contract.yaml")));
            }
            let case = name.strip_suffix(".yaml")?.to_owned();
            Some((case, Source::file(folder.clone(), &name)))
        })
        .collect();
    cases.sort_by(|(a, _), (b, _)| a.cmp(b));
    cases
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

#[test]
fn every_case_prints_exactly_its_errors() {
    let bless = std::env::var_os("OTEL_CONTRACT_BLESS").is_some();
    let mut differing = Vec::new();
    let cases = cases();
    for (name, source) in &cases {
        let printed = compile(source).diagnostics.to_string();
        let path = folder().join(format!("{name}.stderr"));
        if bless {
            fs::write(&path, &printed).expect("the blessed text");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(!printed.is_empty(), "{name} has no error");
        if printed != expected {
            differing.push(format!("{name}: expected\n{expected}\nprinted\n{printed}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(cases.len() >= 55, "only {} cases", cases.len());
}

#[test]
fn every_code_has_a_case() {
    // These files cannot be checked in; `files.rs` creates them.
    let elsewhere = [codes::NOT_UTF8.id, codes::TOO_LARGE.id];
    let mut seen: BTreeSet<&str> = elsewhere.into();
    for (_, source) in cases() {
        seen.extend(
            compile(&source)
                .diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code.id),
        );
    }
    let all: BTreeSet<&str> = codes::ALL.iter().map(|code| code.id).collect();
    let missing: Vec<&&str> = all.difference(&seen).collect();
    assert!(missing.is_empty(), "without a case: {missing:?}");
}

#[test]
fn one_mistake_causes_one_error() {
    // These cases contain several errors, and all of them are reported.
    let several = |name: &str| name.starts_with("all_errors_") || name == "missing_root_fields";
    for (name, source) in cases() {
        let count = compile(&source).diagnostics.len();
        assert!(count == 1 || several(&name), "{name} has {count} errors");
    }
}

#[test]
fn a_contract_with_errors_is_still_returned() {
    for (name, source) in cases() {
        let compiled = compile(&source);
        let unreadable = compiled
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code.id < "OC0013");
        assert!(
            compiled.contract.is_some() || unreadable,
            "{name} has no contract"
        );
        assert!(!compiled.files.is_empty(), "{name} names no file to watch");
    }
}
