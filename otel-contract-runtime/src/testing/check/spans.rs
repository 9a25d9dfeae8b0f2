//! Checks of spans against the operations of a contract.

use super::attributes::{self, Declaration, OUTCOMES, keys, of_level};
use super::findings::{Findings, SubjectViolations};
use crate::description::{Contract, Location, Operation, RequirementLevel};
use crate::grpc::GrpcStatus;
use crate::testing::recording::{LostAttribute, Span, find, text};
use crate::testing::value;
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{SpanKind, Status};

/// Checks a span in the scope of a contract.
pub(super) fn check(findings: &mut Findings, contract: &'static Contract, span: &Span) {
    let violations = &mut findings.of_subject(format!("span `{}`", span.name));
    check_scope(violations, contract, &span.scope);
    let Some(operation) = contract.operation(&span.name) else {
        let message = "is not an operation of the contract".to_owned();
        let names = contract.operations.iter().map(|operation| operation.name);
        let help =
            value::nearest(&span.name, names).map(|nearest| format!("did you mean `{nearest}`?"));
        violations.push(contract, contract.location, message, help);
        // An attribute is personal under any span name, so the attributes are still checked.
        attributes::check_values(violations, &[contract], &span.attributes);
        return;
    };
    let classes = operation.errors.iter().copied().chain(OUTCOMES);
    let declaration = Declaration {
        contract,
        subject: format!("operation `{}`", operation.name),
        location: operation.location,
        keys: keys(operation.attributes),
        error_types: Some(classes.collect()),
    };
    let kind = kind(&span.kind);
    if kind != operation.kind {
        let message = format!("has kind {kind}, expected {}", operation.kind);
        violations.push(contract, operation.location, message, None);
    }
    declaration.check(violations, &span.attributes);
    check_outcome(violations, contract, operation, span);
    check_required(violations, &declaration, operation, span);
    check_events_and_links(violations, contract, operation.location, span);
}

/// Reports an attribute that was set after its operation had ended.
pub(super) fn check_lost(
    findings: &mut Findings,
    contract: &'static Contract,
    lost: &LostAttribute,
) {
    let operation = contract.operation(&lost.operation);
    let location = operation.map_or(contract.location, |operation| operation.location);
    let message = format!(
        "`{}` was set after the operation ended, so its value is lost",
        lost.key
    );
    findings
        .of_subject(format!("operation `{}`", lost.operation))
        .push(
            contract,
            location,
            message,
            Some(crate::lost::HELP.to_owned()),
        );
}

/// Checks a span of an allowed instrumentation scope.
pub(super) fn check_foreign(findings: &mut Findings, contracts: &[&'static Contract], span: &Span) {
    let violations = &mut findings.of_subject(format!(
        "span `{}` of instrumentation scope `{}`",
        span.name,
        span.scope.name()
    ));
    let events = span.events.iter().map(|event| &event.attributes);
    let links = span.links.iter().map(|link| &link.attributes);
    for attributes in [&span.attributes].into_iter().chain(events).chain(links) {
        attributes::check_values(violations, contracts, attributes);
    }
}

/// Checks the version and the schema URL of the instrumentation scope.
pub(super) fn check_scope(
    violations: &mut SubjectViolations<'_>,
    contract: &'static Contract,
    scope: &InstrumentationScope,
) {
    if scope.version() != Some(contract.version) {
        let got = scope.version().unwrap_or("none");
        let message = format!(
            "has instrumentation scope version {got}, expected {}",
            contract.version
        );
        violations.push(contract, contract.location, message, None);
    }
    if let (Some(expected), Some(got)) = (contract.schema_url, scope.schema_url())
        && expected != got
    {
        let message = format!("has schema URL {got}, expected {expected}");
        violations.push(contract, contract.location, message, None);
    }
}

fn check_outcome(
    violations: &mut SubjectViolations<'_>,
    contract: &'static Contract,
    operation: &Operation,
    span: &Span,
) {
    let failed = matches!(span.status, Status::Error { .. });
    let is_expected = |class: &str| {
        let mut errors = contract.errors.iter();
        errors.any(|error| error.name == class && error.expected)
    };
    let message = match (text(&span.attributes, "error.type"), failed) {
        (None, true) => "has status Error without `error.type`".to_owned(),
        // By the conventions, a response of 4xx is no error of the server.
        (Some(class), false) if !is_expected(class) && !is_rejection(operation, span) => {
            format!("has `error.type` {class:?} without status Error")
        }
        (Some(class), true) if is_expected(class) => {
            format!("has status Error, but `error.type` {class:?} is an expected error")
        }
        _ => return,
    };
    violations.push(contract, operation.location, message, None);
}

fn check_required(
    violations: &mut SubjectViolations<'_>,
    declaration: &Declaration<'_>,
    operation: &Operation,
    span: &Span,
) {
    let error_type = text(&span.attributes, "error.type");
    // An operation that ends before its body runs has not evaluated every attribute.
    if let Some("panic" | "cancelled") = error_type {
        return;
    }
    let required = of_level(operation.attributes, RequirementLevel::Required);
    if !operation.routes.is_empty() && (error_type.is_some() || has_error_status(span)) {
        // The request may have been rejected before the handler, which sets the other attributes, was called.
        let required = required.filter(|key| SET_BY_LAYERS.contains(key));
        declaration.check_required(violations, &span.attributes, required, "");
        return;
    }
    // A test may call the handler without its layer.
    let has_layer = find(&span.attributes, "http.route").is_some();
    let required = required
        .filter(|key| has_layer || operation.routes.is_empty() || !SET_BY_LAYERS.contains(key));
    if error_type.is_none() {
        let on_success = of_level(operation.attributes, RequirementLevel::OnSuccess);
        declaration.check_required(violations, &span.attributes, on_success, " on success");
    }
    declaration.check_required(violations, &span.attributes, required, "");
}

/// Whether the span is that of a request with a response that is an error of the client.
fn is_rejection(operation: &Operation, span: &Span) -> bool {
    let http = find(&span.attributes, "http.response.status_code");
    let grpc = match find(&span.attributes, "rpc.grpc.status_code") {
        Some(AnyValue::Int(code)) => u8::try_from(*code).ok().map(GrpcStatus),
        _ => text(&span.attributes, "rpc.status_code").and_then(GrpcStatus::of),
    };
    !operation.routes.is_empty()
        && (matches!(http, Some(AnyValue::Int(status)) if (400..500).contains(status))
            || grpc.is_some_and(|status| !status.is_server_error()))
}

/// The attributes that a server layer sets for every request.
const SET_BY_LAYERS: [&str; 4] = [
    "http.request.method",
    "http.route",
    "url.path",
    "url.scheme",
];

/// Returns whether the response of a request was an error of the client or of the server.
fn has_error_status(span: &Span) -> bool {
    let status = find(&span.attributes, "http.response.status_code");
    matches!(status, Some(AnyValue::Int(status)) if *status >= 400)
}

fn check_events_and_links(
    violations: &mut SubjectViolations<'_>,
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
        violations.push(contract, location, message, Some(help));
        attributes::check_values(violations, &[contract], &event.attributes);
    }
    for link in &span.links {
        for (key, _) in &link.attributes {
            let message = format!(
                "has a link with attribute `{}`; contracts declare no attributes of links",
                key.as_str()
            );
            violations.push(contract, location, message, None);
        }
        attributes::check_values(violations, &[contract], &link.attributes);
    }
}

/// Returns the span kind in the spelling of contract files.
fn kind(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    }
}
