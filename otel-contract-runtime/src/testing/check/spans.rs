//! Spans against the operations of a contract.

use super::findings::{About, Findings};
use super::words::{self, OUTCOMES, Place, keys, of_level};
use crate::description::{Contract, Location, Operation, RequirementLevel};
use crate::testing::recording::{Span, text};
use crate::testing::value;
use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanKind, Status};

/// A span of a contract's scope.
pub(super) fn check(findings: &mut Findings, contract: &'static Contract, span: &Span) {
    let about = &mut findings.about(format!("span `{}`", span.name));
    scope(about, contract, &span.scope);
    let Some(operation) = contract.operation(&span.name) else {
        let message = "is no operation of the contract".to_owned();
        let names = contract.operations.iter().map(|one| one.name);
        let help =
            value::nearest(&span.name, names).map(|nearest| format!("did you mean `{nearest}`?"));
        about.push(contract, contract.location, message, help);
        // Its words are checked all the same: what is personal is so under any name.
        words::check_foreign(about, &[contract], &span.attributes);
        return;
    };
    let classes = operation.errors.iter().copied().chain(OUTCOMES);
    let place = Place {
        contract,
        what: format!("operation `{}`", operation.name),
        location: operation.location,
        keys: keys(operation.attributes),
        errors: Some(classes.collect()),
    };
    let kind = kind(&span.kind);
    if kind != operation.kind {
        let message = format!("has kind {kind}, expected {}", operation.kind);
        about.push(contract, operation.location, message, None);
    }
    place.check(about, &span.attributes);
    check_outcome(about, contract, operation, span);
    required(about, &place, operation, span);
    events_and_links(about, contract, operation.location, span);
}

/// A span of a scope that was let pass.
pub(super) fn check_foreign(findings: &mut Findings, contracts: &[&'static Contract], span: &Span) {
    let about = &mut findings.about(format!(
        "span `{}` of scope `{}`",
        span.name,
        span.scope.name()
    ));
    let events = span.events.iter().map(|event| &event.attributes);
    let links = span.links.iter().map(|link| &link.attributes);
    for attributes in [&span.attributes].into_iter().chain(events).chain(links) {
        words::check_foreign(about, contracts, attributes);
    }
}

/// The scope says which contract this is.
pub(super) fn scope(
    about: &mut About<'_>,
    contract: &'static Contract,
    scope: &InstrumentationScope,
) {
    if scope.version() != Some(contract.version) {
        let got = scope.version().unwrap_or("none");
        let message = format!("has scope version {got}, expected {}", contract.version);
        about.push(contract, contract.location, message, None);
    }
    if let (Some(expected), Some(got)) = (contract.schema_url, scope.schema_url())
        && expected != got
    {
        let message = format!("has schema URL {got}, expected {expected}");
        about.push(contract, contract.location, message, None);
    }
}

fn check_outcome(
    about: &mut About<'_>,
    contract: &'static Contract,
    operation: &Operation,
    span: &Span,
) {
    let failed = matches!(span.status, Status::Error { .. });
    let message = match (text(&span.attributes, "error.type"), failed) {
        (None, true) => "has status Error without `error.type`".to_owned(),
        (Some(class), false) => format!("has `error.type` {class:?} without status Error"),
        _ => return,
    };
    about.push(contract, operation.location, message, None);
}

fn required(about: &mut About<'_>, place: &Place<'_>, operation: &Operation, span: &Span) {
    match text(&span.attributes, "error.type") {
        // What ends before its body runs has not evaluated all attributes.
        Some("panic" | "cancelled") => return,
        Some(_) => {}
        None => {
            let on_success = of_level(operation.attributes, RequirementLevel::OnSuccess);
            place.check_required(about, &span.attributes, on_success, " on success");
        }
    }
    let required = of_level(operation.attributes, RequirementLevel::Required);
    place.check_required(about, &span.attributes, required, "");
}

fn events_and_links(
    about: &mut About<'_>,
    contract: &'static Contract,
    location: Location,
    span: &Span,
) {
    for event in &span.events {
        let message = format!(
            "has a span event `{}`, which no contract declares",
            event.name
        );
        let help = "declare it under `events:`, and record it as a log record".to_owned();
        about.push(contract, location, message, Some(help));
        words::check_foreign(about, &[contract], &event.attributes);
    }
    for link in &span.links {
        for (key, _) in &link.attributes {
            let message = format!(
                "has attribute `{}` on a link, which no contract declares",
                key.as_str()
            );
            about.push(contract, location, message, None);
        }
        words::check_foreign(about, &[contract], &link.attributes);
    }
}

/// As the contract writes it.
fn kind(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    }
}
