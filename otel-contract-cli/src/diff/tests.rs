//! One change of a contract, and what is said of it.

mod table;

use super::{Comparison, compare};
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;

pub(super) const BASE: &str = include_str!("tests/base.yaml");

/// One edit of the base contract, and what is to be said of it: a line a change.
struct Case {
    /// What is done.
    name: &'static str,
    /// The edits: a text that stands once in the contract, and what stands there instead.
    edits: &'static [(&'static str, &'static str)],
    /// `step, what breaks: field: sentence`.
    says: &'static [&'static str],
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

fn said(comparison: &Comparison) -> Vec<String> {
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
        let said = said(&compare(&base, &new));
        if said != case.says {
            differing.push_str(case.name);
            differing.push('\n');
            for line in &said {
                differing.push_str(&["            ", &format!("{line:?}"), ",\n"].concat());
            }
        }
    }
    assert!(differing.is_empty(), "says otherwise:\n{differing}");
    assert!(table::CASES.len() >= 60, "{} cases", table::CASES.len());
}
