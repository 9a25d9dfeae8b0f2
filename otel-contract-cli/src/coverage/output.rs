//! Coverage as text and as JSON.

use super::{ContractCoverage, Counts, Coverage, Entry};
use crate::words;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Returns the report for the terminal.
pub(crate) fn text(coverage: &Coverage<'_>) -> String {
    let mut text = String::new();
    for contract in &coverage.contracts {
        of_contract(&mut text, contract);
        text.push('\n');
    }
    let files = words::count(coverage.files, "file");
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{files} merged: {}", phrase(coverage.counts()));
    text
}

fn of_contract(text: &mut String, coverage: &ContractCoverage<'_>) {
    let ContractCoverage { contract, file, .. } = coverage;
    let counts = phrase(coverage.counts());
    let _ = writeln!(
        text,
        "{} {}  {file}\n  {counts}",
        contract.name, contract.version
    );
    if !coverage.unmet.is_empty() {
        let _ = writeln!(text, "  met by no test:");
        for Entry { name, at, .. } in &coverage.unmet {
            let _ = writeln!(text, "    {name} ({at})");
        }
    }
    if !coverage.excluded.is_empty() {
        let _ = writeln!(text, "  excluded:");
        for excluded in &coverage.excluded {
            let note = if excluded.met {
                ", which a test met: remove the exclusion"
            } else {
                ""
            };
            let _ = writeln!(text, "    {}{note}", excluded.name);
        }
    }
}

/// Formats numbers as `12 of 17 entries met, 70.5 %`.
fn phrase(counts: Counts) -> String {
    let Counts { met, total } = counts;
    format!("{met} of {total} entries met, {} %", percent(counts))
}

/// Returns the share in percent with one decimal. It is rounded down, so that only complete coverage is `100.0`.
pub(crate) fn percent(Counts { met, total }: Counts) -> String {
    let thousandths = match total {
        0 => 1000,
        total => met as u128 * 1000 / total as u128,
    };
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// Returns the report as a JSON document. `problems`: files that could not be read.
pub(crate) fn json(coverage: &Coverage<'_>, problems: &[String]) -> Value {
    let contracts: Vec<Value> = coverage.contracts.iter().map(contract_json).collect();
    let others: Vec<Value> = coverage
        .others
        .iter()
        .map(|(contract, version)| json!({ "contract": contract, "version": version }))
        .collect();
    let problems: Vec<&String> = problems.iter().chain(&coverage.problems).collect();
    json!({
        "version": 1,
        "files": coverage.files,
        "entries": counts_json(coverage.counts()),
        "contracts": contracts,
        "other_contracts": others,
        "problems": problems,
    })
}

fn contract_json(coverage: &ContractCoverage<'_>) -> Value {
    let unmet = coverage.unmet.iter().map(|entry| {
        json!({
            "kind": entry.kind.word(),
            "entry": entry.name,
            "file": &*entry.at.file,
            "line": entry.at.line,
            "column": entry.at.column,
        })
    });
    let excluded = coverage
        .excluded
        .iter()
        .map(|excluded| json!({ "entry": excluded.name, "met": excluded.met }));
    json!({
        "contract": coverage.contract.name,
        "version": coverage.contract.version,
        "file": coverage.file,
        "entries": counts_json(coverage.counts()),
        "unmet": unmet.collect::<Vec<_>>(),
        "excluded": excluded.collect::<Vec<_>>(),
    })
}

fn counts_json(counts: Counts) -> Value {
    json!({ "met": counts.met, "total": counts.total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_coverage_is_one_hundred_percent() {
        let percent = |met, total| percent(Counts { met, total });
        assert_eq!(percent(0, 7), "0.0");
        assert_eq!(percent(12, 17), "70.5");
        assert_eq!(percent(9_999, 10_000), "99.9");
        assert_eq!(percent(10_000, 10_000), "100.0");
        assert_eq!(percent(0, 0), "100.0");
    }
}
