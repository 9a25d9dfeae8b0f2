//! Single changes of a contract, with the expected step and sentence.

mod table;

use super::{Comparison, compare};
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;

pub(super) const BASE: &str = include_str!("tests/base.yaml");

/// One edit of the base contract, with one expected line per change.
struct Case {
    /// Name of the case.
    name: &'static str,
    /// Edits: a text that occurs once in the contract, and its replacement.
    edits: &'static [(&'static str, &'static str)],
    /// Expected lines: `step, broken users: field: sentence`.
    expected: &'static [&'static str],
}

fn contract(name: &str, text: &str) -> Contract {
    let compiled = compile(&Source::text("", "shop.yaml", text));
    assert!(
        compiled.diagnostics.is_empty(),
        "{name}:\n{}",
        compiled.diagnostics
    );
    compiled.contract.expect("a contract")
}

fn edited(name: &str, edits: &[(&str, &str)]) -> String {
    let mut text = BASE.to_owned();
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{name}: `{from}`");
        text = text.replace(from, to);
    }
    text
}

fn lines(comparison: &Comparison) -> Vec<String> {
    let changes = comparison.changes.iter().map(|change| {
        let breaks = match change.breaks.words().as_slice() {
            [] => String::new(),
            words => format!(", breaks {}", words.join(" and ")),
        };
        let (step, field) = (change.step.word(), change.field);
        format!("{step}{breaks}: {field}: {}", change.sentence)
    });
    changes.collect()
}

#[test]
fn every_single_change_has_its_step_and_its_sentence() {
    let base = contract("base", BASE);
    let mut differing = String::new();
    for case in table::CASES {
        let new = contract(case.name, &edited(case.name, case.edits));
        let lines = lines(&compare(&base, &new));
        if lines != case.expected {
            differing.push_str(case.name);
            differing.push('\n');
            for line in &lines {
                differing.push_str(&["            ", &format!("{line:?}"), ",\n"].concat());
            }
        }
    }
    assert!(differing.is_empty(), "unexpected changes:\n{differing}");
    assert!(table::CASES.len() >= 60, "{} cases", table::CASES.len());
}
