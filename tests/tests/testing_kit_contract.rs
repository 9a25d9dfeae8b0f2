//! `assert_contract`: every kind of violation of spans, recorded with OpenTelemetry's API, bypassing the contract.

#![allow(missing_docs)]

use opentelemetry::logs::Severity;
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanKind, Status, Tracer as _, TracerProvider as _,
};
use opentelemetry::{InstrumentationScope, KeyValue, StringValue};
use otel_contract::testing::{self, Check, Recording, Span};
use otel_contract_tests::kit::{message, together_and_alone};
use otel_contract_tests::raw::{Raw, invoice, raw_billing, raw_forms, violation_lines};
use test_vocabulary::{billing, forms};

#[test]
fn valid_telemetry_of_any_origin_passes() {
    let raw = raw_billing();
    raw.span("invoice.create", &invoice());
    let mut other = invoice();
    other[2].1 = "_OTHER".into();
    raw.span("invoice.create", &other);
    let mut failed = invoice();
    failed.truncate(3);
    failed.push(("error.type", "gateway_timeout".into()));
    raw.build(
        SpanBuilder::from_name("invoice.create"),
        &failed,
        Status::error(""),
    );
    // An operation that is cancelled or panics may lack required attributes, since its body may not have run.
    for outcome in ["cancelled", "panic"] {
        raw.build(
            SpanBuilder::from_name("invoice.create"),
            &[("error.type", outcome.into())],
            Status::error(""),
        );
    }
    let retries = raw
        .meter()
        .u64_counter("invoice.gateway.retries")
        .with_unit("{retry}")
        .build();
    retries.add(1, &[KeyValue::new("account.tier", "pro")]);
    raw.log(
        Some("invoice.rejected"),
        Severity::Warn2,
        &[("order.id", "ord_1"), ("error.type", "gateway_timeout")],
    );
    raw.kit.assert_contract(&billing::CONTRACT);
}

#[test]
fn names_and_kinds_of_spans_are_checked() {
    let raw = raw_billing();
    raw.span("invoice.creat", &[]);
    raw.span("GET /orders", &[]);
    let server = SpanBuilder::from_name("invoice.create").with_kind(SpanKind::Server);
    raw.build(server, &invoice(), Status::Unset);
    let violations = Check::of(&billing::CONTRACT).violations(&raw.kit.recorded());
    let lines = [
        "span `GET /orders`: is not an operation of the contract",
        "span `invoice.creat`: is not an operation of the contract",
        "span `invoice.create`: has kind server, expected internal",
    ];
    assert_eq!(violation_lines(&violations), lines);
    assert_eq!(
        violations[0].help.as_deref(),
        Some("did you mean `invoice.create`?")
    );
    assert_eq!(
        violations[2].location.to_string(),
        "tests/vocabulary/schema/billing.yaml:60:3"
    );
}

#[test]
fn unknown_foreign_and_repeated_attributes_of_spans_are_reported() {
    let raw = raw_billing();
    let mut attributes = invoice();
    attributes.push(("customer.id", "c".into()));
    attributes.push(("ordre.id", "o".into()));
    attributes.push(("http.route", "/".into()));
    attributes.push(("order.id", "again".into()));
    attributes.push(("surprise", 1.into()));
    raw.span("invoice.create", &attributes);
    let violations = Check::of(&billing::CONTRACT).violations(&raw.kit.recorded());
    let lines = [
        "span `invoice.create`: `customer.id` is not an attribute of the contract",
        "span `invoice.create`: `http.route` is not an attribute of operation `invoice.create`",
        "span `invoice.create`: `order.id` is recorded more than once",
        "span `invoice.create`: `ordre.id` is not an attribute of the contract",
        "span `invoice.create`: `surprise` is not an attribute of the contract",
    ];
    assert_eq!(violation_lines(&violations), lines);
    let help = |index: usize| violations[index].help.as_deref().unwrap_or_default();
    assert_eq!(help(0), "the contract's name for it is `account.id`");
    assert_eq!(help(1), "did you mean `order.id`?");
    assert!(help(4).starts_with("the attributes of operation `invoice.create` are `order.id`"));
}

#[test]
fn missing_required_attributes_are_reported() {
    let raw = raw_billing();
    raw.span(
        "invoice.create",
        &[("order.id", "ord_1".into()), ("account.tier", "pro".into())],
    );
    let lines = [
        "span `invoice.create`: `account.id` is required but not recorded",
        "span `invoice.create`: `invoice.id` is required on success but not recorded",
    ];
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn values_are_checked_against_type_and_set_of_their_attribute() {
    let raw = raw_forms();
    let floats: Vec<f64> = vec![1.0];
    let texts: Vec<StringValue> = vec!["a".into()];
    for (key, value) in [
        ("work.kind", "huge".into()),
        ("work.kind", "_OTHER".into()),
        ("work.code", 500.into()),
        ("work.step", 3.into()),
        ("work.step", "1".into()),
        ("work.urgent", "yes".into()),
        ("work.name", 1.into()),
        ("work.share", 1.into()),
        ("work.tags", opentelemetry::Value::Array(floats.into())),
        ("work.sizes", opentelemetry::Value::Array(texts.into())),
    ] {
        raw.span_of_forms(key, value);
    }
    let lines = [
        "`work.name` expects string values, got int",
        "`work.share` expects double values, got int",
        "`work.sizes` expects int[] values, got string[]",
        "`work.step` expects int values, got string",
        "`work.tags` expects string[] values, got double[]",
        "`work.urgent` expects boolean values, got string",
        "\"_OTHER\" is not a value of `work.kind`",
        "\"huge\" is not a value of `work.kind`",
        "3 is not a value of `work.step`",
        "500 is not a value of `work.code`",
    ];
    let mut lines = lines.map(|line| format!("span `full.run`: {line}"));
    lines.sort();
    assert_eq!(raw.violation_lines(&forms::CONTRACT), lines);
}

#[test]
fn personal_and_secret_values_are_reported_without_their_text() {
    let raw = raw_forms();
    raw.span_of_forms("person.email", "ada@example.org".into());
    raw.span_of_forms("person.email", "0123456789abcdef0123456789abcdef".into());
    raw.span_of_forms("person.name", "Ada Lovelace".into());
    raw.span_of_forms("person.iban", "DE02120300000000202051".into());
    raw.span_of_forms("person.iban", "***2051".into());
    raw.span_of_forms("person.pin", 4_711.into());
    // Personal values are also reported under other span names, and in allowed foreign scopes.
    raw.span("no.operation", &[("person.name", "Ada Lovelace".into())]);
    let tracer = raw.kit.tracer_provider().tracer("http-client");
    let mut foreign = tracer.start("GET");
    foreign.set_attribute(KeyValue::new("person.name", "Ada Lovelace"));
    foreign.set_attribute(KeyValue::new("http.url", "anything"));
    foreign.add_event(
        "sent",
        vec![KeyValue::new("person.email", "ada@example.org")],
    );
    foreign.end();
    let check = Check::of(&forms::CONTRACT).allow_instrumentation_scope("http-client");
    let lines = [
        "span `GET` of instrumentation scope `http-client`: `person.email` is personal, and its value is not protected",
        "span `GET` of instrumentation scope `http-client`: `person.name` is personal, and its value is not protected",
        "span `full.run`: `person.email` is personal, and its value is not protected",
        "span `full.run`: `person.iban` is personal, and its value is not protected",
        "span `full.run`: `person.name` is personal, and its value is not protected",
        "span `full.run`: `person.pin` is secret and must not be recorded",
        "span `no.operation`: `person.name` is personal, and its value is not protected",
        "span `no.operation`: is not an operation of the contract",
    ];
    assert_eq!(raw.violation_lines(check.clone()), lines);
    let text = message(|| raw.kit.assert_contract(check));
    for clear in ["ada@", "Ada", "DE02", "4711", "4_711"] {
        assert!(!text.contains(clear), "{clear} in {text}");
    }
}

#[test]
fn error_types_are_checked_against_the_closed_set_and_the_status() {
    let raw = raw_billing();
    let with = |class: &'static str, status: Status| {
        let mut attributes = invoice();
        attributes.push(("error.type", class.into()));
        raw.build(
            SpanBuilder::from_name("invoice.create"),
            &attributes,
            status,
        );
    };
    with("SqlError", Status::error(""));
    with("gateway_timeout", Status::Unset);
    with("cancelled", Status::Unset);
    raw.build(
        SpanBuilder::from_name("invoice.create"),
        &invoice(),
        Status::error(""),
    );
    let lines = [
        "span `invoice.create`: \"SqlError\" is not a value of `error.type` of operation `invoice.create`",
        "span `invoice.create`: has `error.type` \"cancelled\" without status Error",
        "span `invoice.create`: has `error.type` \"gateway_timeout\" without status Error",
        "span `invoice.create`: has status Error without `error.type`",
    ];
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn span_events_and_link_attributes_are_violations() {
    let raw = raw_forms();
    let tracer = raw
        .kit
        .tracer_provider()
        .tracer_with_scope(raw.scope.clone());
    let mut span = tracer.start("plain.run");
    span.add_event(
        "exception",
        vec![KeyValue::new("exception.message", "text")],
    );
    let linked = tracer.start("plain.run").span_context().clone();
    span.add_link(linked, vec![KeyValue::new("person.name", "Ada")]);
    span.end();
    let lines = [
        "span `plain.run`: `person.name` is personal, and its value is not protected",
        "span `plain.run`: has a link with attribute `person.name`; contracts declare no attributes of links",
        "span `plain.run`: has a span event `exception`, which no contract declares",
    ];
    assert_eq!(raw.violation_lines(&forms::CONTRACT), lines);
}

#[test]
fn version_and_schema_url_of_the_scope_are_checked() {
    let kit = testing::scope();
    let scope = InstrumentationScope::builder("billing")
        .with_version("1.1.0")
        .with_schema_url("https://elsewhere.example/1.1.0");
    let raw = Raw {
        kit,
        scope: scope.build(),
    };
    raw.span("invoice.create", &invoice());
    let lines = [
        "span `invoice.create`: has instrumentation scope version 1.1.0, expected 1.2.0",
        "span `invoice.create`: has schema URL https://elsewhere.example/1.1.0, expected https://telemetry.acme.example/schemas/billing/1.2.0",
    ];
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn all_violations_are_reported_together_each_with_its_line() {
    let raw = raw_billing();
    for _ in 0..3 {
        let mut attributes = invoice();
        attributes.push(("customer.id", "c".into()));
        raw.span("invoice.create", &attributes);
    }
    raw.span(
        "invoice.create",
        &[
            ("user.email", "ada@example.org".into()),
            ("account.tier", "premium".into()),
        ],
    );
    raw.kit
        .tracer_provider()
        .tracer("http-client")
        .start("GET")
        .end();
    let text = message(|| raw.kit.assert_contract(&billing::CONTRACT));
    insta::assert_snapshot!("violations", text);
}

#[test]
fn many_generated_span_names_give_a_readable_report() {
    let scope = raw_billing().scope;
    let mut recording = Recording::default();
    for number in 0..20_000 {
        recording.spans.push(Span {
            scope: scope.clone(),
            name: format!("GET /orders/{number}"),
            ..Span::default()
        });
    }
    let text = message(|| recording.assert_contract(&billing::CONTRACT));
    assert!(text.starts_with("20000 violations of contract `billing` 1.2.0, in 20000 spans"));
    assert!(text.ends_with("\n\nand 19950 more"), "{text}");
    assert!(text.contains("\n\n50. span `GET /orders/49`: is not an operation of the contract"));
}

#[test]
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
