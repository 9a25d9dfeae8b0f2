//! Scripts: one JSON document. Fields are never removed or changed within a `version`, only added.

use crate::finding::{Finding, Level, Report};
use serde_json::{Value, json};

/// Version of the document format.
const VERSION: u32 = 1;

/// Formats the report as JSON.
pub(super) fn text(report: &Report) -> String {
    let contracts: Vec<Value> = report
        .contracts
        .iter()
        .map(|subject| {
            let known = subject.contract.as_ref();
            json!({
                "file": subject.file,
                "name": known.map(|(name, _)| name),
                "version": known.map(|(_, version)| version),
            })
        })
        .collect();
    let findings: Vec<Value> = report.findings.iter().map(finding).collect();
    let document = json!({
        "version": VERSION,
        "contracts": contracts,
        "findings": findings,
        "summary": {
            "checked": report.checked,
            "errors": report.count(Level::Deny),
            "warnings": report.count(Level::Warn),
            "omitted": report.omitted,
            "hidden": report.hidden,
        },
    });
    super::document(&document)
}

fn finding(finding: &Finding) -> Value {
    let at = &finding.place.at;
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|(phrase, there)| {
            json!({
                "message": phrase,
                "file": &*there.file,
                "line": there.line,
                "column": there.column,
            })
        })
        .collect();
    json!({
        "rule": finding.rule.id(),
        "level": finding.level.word(),
        "message": finding.message,
        "file": &*at.file,
        // A finding about a whole file has no line.
        "line": (at.line > 0).then_some(at.line),
        "column": (at.line > 0).then_some(at.column),
        "length": (at.line > 0).then_some(finding.place.length),
        "label": finding.label,
        "help": finding.help,
        "related": related,
        "replacement": finding.replacement.as_ref().map(|replacement| json!({ "from": replacement.from, "to": replacement.to })),
    })
}
