//! Log records against the events of a contract.

use super::findings::Findings;
use super::spans::scope;
use super::words::{self, OUTCOMES, Place, keys, of_level};
use crate::description::{Contract, RequirementLevel};
use crate::testing::recording::Record;
use crate::testing::value;
use opentelemetry::logs::Severity;

/// A record of a contract's scope.
pub(super) fn check(findings: &mut Findings, contract: &'static Contract, record: &Record) {
    let name = record.event_name.as_deref();
    let subject = name.map_or_else(
        || "log record without a name".to_owned(),
        |name| format!("event `{name}`"),
    );
    let about = &mut findings.about(subject);
    scope(about, contract, &record.scope);
    let Some(event) = name.and_then(|name| contract.event(name)) else {
        let message = "is no event of the contract".to_owned();
        let names = contract.events.iter().map(|one| one.name);
        let nearest = name.and_then(|name| value::nearest(name, names));
        let help = nearest.map(|nearest| format!("did you mean `{nearest}`?"));
        about.push(contract, contract.location, message, help);
        words::check_foreign(about, &[contract], &record.attributes);
        return;
    };
    let severity = record.severity.map(severity);
    if severity != Some(event.severity) {
        let got = severity.unwrap_or("no");
        let message = format!("has severity {got}, expected {}", event.severity);
        about.push(contract, event.location, message, None);
    }
    let classes = contract.errors.iter().map(|one| one.name).chain(OUTCOMES);
    let place = Place {
        contract,
        what: format!("event `{}`", event.name),
        location: event.location,
        keys: keys(event.attributes),
        errors: event.error_type.map(|_| classes.collect()),
    };
    place.check(about, &record.attributes);
    let required = of_level(event.attributes, RequirementLevel::Required);
    let class = (event.error_type == Some(RequirementLevel::Required)).then_some("error.type");
    place.check_required(about, &record.attributes, required.chain(class), "");
}

/// A record of a scope that was let pass.
pub(super) fn check_foreign(
    findings: &mut Findings,
    contracts: &[&'static Contract],
    record: &Record,
) {
    let name = record.event_name.as_deref().unwrap_or("without a name");
    let scope = record.scope.name();
    let about = &mut findings.about(format!("log record `{name}` of scope `{scope}`"));
    words::check_foreign(about, contracts, &record.attributes);
}

/// As the contract writes it: each has four grades in OpenTelemetry.
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
