//! Checks of log records against the events of a contract.

use super::attributes::{self, Declaration, OUTCOMES, keys, of_level};
use super::findings::Findings;
use super::spans::check_scope;
use crate::description::{Contract, RequirementLevel};
use crate::testing::recording::Record;
use crate::testing::value;
use opentelemetry::logs::Severity;

/// Checks a record in the scope of a contract.
pub(super) fn check(findings: &mut Findings, contract: &'static Contract, record: &Record) {
    let name = record.event_name.as_deref();
    let subject = name.map_or_else(
        || "log record without a name".to_owned(),
        |name| format!("event `{name}`"),
    );
    let violations = &mut findings.of_subject(subject);
    check_scope(violations, contract, &record.scope);
    let Some(event) = name.and_then(|name| contract.event(name)) else {
        let message = "is not an event of the contract".to_owned();
        let names = contract.events.iter().map(|event| event.name);
        let nearest = name.and_then(|name| value::nearest(name, names));
        let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
        violations.push(contract, contract.location, message, help);
        attributes::check_foreign(violations, &[contract], &record.attributes);
        return;
    };
    let severity = record.severity.map(severity);
    if severity != Some(event.severity) {
        let got = severity.unwrap_or("no");
        let message = format!("has severity {got}, expected {}", event.severity);
        violations.push(contract, event.location, message, None);
    }
    let classes = contract
        .errors
        .iter()
        .map(|error| error.name)
        .chain(OUTCOMES);
    let declaration = Declaration {
        contract,
        subject: format!("event `{}`", event.name),
        location: event.location,
        keys: keys(event.attributes),
        error_types: event.error_type.map(|_| classes.collect()),
    };
    declaration.check(violations, &record.attributes);
    let required = of_level(event.attributes, RequirementLevel::Required);
    let class = (event.error_type == Some(RequirementLevel::Required)).then_some("error.type");
    declaration.check_required(violations, &record.attributes, required.chain(class), "");
}

/// Checks a record of an allowed scope.
pub(super) fn check_foreign(
    findings: &mut Findings,
    contracts: &[&'static Contract],
    record: &Record,
) {
    let name = record.event_name.as_deref().unwrap_or("without a name");
    let scope = record.scope.name();
    let violations = &mut findings.of_subject(format!("log record `{name}` of scope `{scope}`"));
    attributes::check_foreign(violations, contracts, &record.attributes);
}

/// Returns the severity in the spelling of contract files. OpenTelemetry has four numbers for each.
fn severity(severity: Severity) -> &'static str {
    match severity as u8 {
        ..=4 => "trace",
        5..=8 => "debug",
        9..=12 => "info",
        13..=16 => "warn",
        17..=20 => "error",
        21.. => "fatal",
    }
}
