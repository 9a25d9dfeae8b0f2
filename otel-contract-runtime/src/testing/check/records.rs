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
    let violations = &mut findings.of_subject(subject(record, "event"));
    check_scope(violations, contract, &record.scope);
    let Some(event) = name.and_then(|name| contract.event(name)) else {
        let message = "is not an event of the contract".to_owned();
        let names = contract.events.iter().map(|event| event.name);
        let nearest = name.and_then(|name| value::nearest(name, names));
        let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
        violations.push(contract, contract.location, message, help);
        attributes::check_values(violations, &[contract], &record.attributes);
        return;
    };
    let severity = record.severity.map(severity);
    if severity != Some(event.severity) {
        let got = severity.map_or_else(
            || "no severity".to_owned(),
            |severity| format!("severity {severity}"),
        );
        let message = format!("has {got}, expected {}", event.severity);
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

/// Checks a record of an allowed instrumentation scope.
pub(super) fn check_foreign(
    findings: &mut Findings,
    contracts: &[&'static Contract],
    record: &Record,
) {
    let scope = record.scope.name();
    let subject = match &record.event_name {
        Some(name) => format!("log record `{name}` of instrumentation scope `{scope}`"),
        None => format!("log record of instrumentation scope `{scope}`, without a name"),
    };
    let violations = &mut findings.of_subject(subject);
    attributes::check_values(violations, contracts, &record.attributes);
}

/// Describes a record by `noun` and its name. A record without a name is described as a log record.
pub(super) fn subject(record: &Record, noun: &str) -> String {
    match &record.event_name {
        Some(name) => format!("{noun} `{name}`"),
        None => "log record without a name".to_owned(),
    }
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
