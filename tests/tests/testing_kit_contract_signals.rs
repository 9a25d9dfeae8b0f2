//! `assert_contract`: every kind of violation of metrics, log records and resources, and telemetry of other scopes.

#![allow(missing_docs)]

use opentelemetry::KeyValue;
use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use otel_contract::testing::{self, Attributes, Check, Point, Recording, TestScope};
use otel_contract_tests::kit::together_and_alone;
use otel_contract_tests::raw::{Raw, invoice, raw_billing, raw_forms, violation_lines};
use test_vocabulary::{billing, forms};

#[test]
fn other_scopes_pass_only_if_they_are_allowed() {
    let raw = raw_forms();
    raw.span("plain.run", &[]);
    raw.kit
        .tracer_provider()
        .tracer("http-client")
        .start("GET")
        .end();
    let meter = raw.kit.meter_provider().meter("runtime");
    meter.u64_counter("allocations").build().add(1, &[]);
    let logger = raw.kit.logger_provider().logger("log");
    logger.emit(logger.create_log_record());
    let lines = [
        "log record without a name: is recorded by instrumentation scope `log`, which belongs to no contract",
        "metric `allocations`: is recorded by instrumentation scope `runtime`, which belongs to no contract",
        "span `GET`: is recorded by instrumentation scope `http-client`, which belongs to no contract",
    ];
    assert_eq!(raw.violation_lines(&forms::CONTRACT), lines);
    let some = Check::of(&forms::CONTRACT)
        .allow_instrumentation_scope("log")
        .allow_instrumentation_scope("http-client");
    assert_eq!(raw.violation_lines(some), lines[1..2]);
    raw.kit
        .assert_contract(Check::of(&forms::CONTRACT).allow_any_instrumentation_scope());
    let mut record = logger.create_log_record();
    record.add_attribute("person.email", "ada@example.org");
    logger.emit(record);
    let any = Check::of(&forms::CONTRACT).allow_any_instrumentation_scope();
    let personal = "log record of instrumentation scope `log`, without a name: `person.email` is personal, and its value is not protected";
    assert_eq!(raw.violation_lines(any), [personal]);
    // A scope with its own contract is checked against that contract.
    let both = raw_billing();
    both.span("invoice.create", &[]);
    let forms = both.kit.tracer_provider().tracer_with_scope(raw.scope);
    forms.start("plain.run").end();
    let check = || Check::of(&forms::CONTRACT).and(&billing::CONTRACT);
    assert_eq!(
        both.violation_lines(check()).len(),
        4,
        "the required attributes of `invoice.create`"
    );
}

#[test]
fn metrics_are_checked_against_the_contract() {
    let raw = raw_billing();
    let meter = raw.meter();
    let tier = || KeyValue::new("account.tier", "pro");
    meter
        .u64_counter("invoice.gateway.retry")
        .build()
        .add(1, &[]);
    // Wrong unit, number type and instrument.
    let retries = meter.f64_up_down_counter("invoice.gateway.retries").build();
    retries.add(1.0, &[tier()]);
    let active = meter
        .i64_up_down_counter("invoice.create.active")
        .with_unit("{operation}")
        .build();
    active.add(1, &[KeyValue::new("account.tier", "premium")]);
    let duration = meter
        .f64_histogram("invoice.create.duration")
        .with_unit("s")
        .build();
    duration.record(1.0, &[tier(), KeyValue::new("order.id", "ord_1")]);
    duration.record(1.0, &[KeyValue::new("error.type", "SqlError")]);
    duration.record(1.0, &[tier(), KeyValue::new("error.type", "panic")]);
    let lines = [
        "metric `invoice.create.active`: \"premium\" is not a value of `account.tier`",
        "metric `invoice.create.duration`: \"SqlError\" is not a value of `error.type` of metric `invoice.create.duration`",
        "metric `invoice.create.duration`: `account.tier` is required but not recorded",
        "metric `invoice.create.duration`: `order.id` is not an attribute of metric `invoice.create.duration`",
        "metric `invoice.gateway.retries`: has instrument `updowncounter`, expected `counter`",
        "metric `invoice.gateway.retries`: has unit ``, expected `{retry}`",
        "metric `invoice.gateway.retries`: has values of type `double`, expected `int`",
        "metric `invoice.gateway.retry`: is not a metric of the contract",
    ];
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn overflow_and_series_beyond_the_bound_are_reported() {
    let point = |attributes: Attributes| Point {
        scope: raw_billing().scope,
        metric: "invoice.gateway.retries".to_owned(),
        unit: "{retry}".to_owned(),
        instrument: testing::Instrument::Counter,
        number: None,
        attributes,
        value: 1.0,
        count: None,
    };
    let mut recording = Recording::default();
    recording
        .points
        .push(point(vec![("otel.metric.overflow".into(), true.into())]));
    let overflow = "metric `invoice.gateway.retries`: has more series than the SDK allows: `otel.metric.overflow`";
    let violations = |recording: &Recording| {
        violation_lines(&Check::of(&billing::CONTRACT).violations(recording))
    };
    assert_eq!(violations(&recording), [overflow]);
    recording.points.clear();
    // The bound is 4 tiers × 4 error types = 16. These tiers are also invalid values, which cause other violations.
    for number in 0..17 {
        let tier = format!("tier {number}");
        recording
            .points
            .push(point(vec![("account.tier".into(), tier.into())]));
    }
    let bound = "metric `invoice.gateway.retries`: has 17 series, its bound is 16".to_owned();
    assert!(
        violations(&recording).contains(&bound),
        "{:?}",
        violations(&recording)
    );
    recording.points.pop();
    assert!(!violations(&recording).contains(&bound));
}

#[test]
fn values_beyond_the_limit_of_a_bounded_attribute_are_reported() {
    let raw = raw_forms();
    for queue in ["a", "b", "c", "_OTHER"] {
        raw.span_of_forms("work.queue", queue.into());
    }
    raw.kit.assert_contract(&forms::CONTRACT);
    raw.span_of_forms("work.queue", "d".into());
    let lines = ["attribute `work.queue`: has 4 distinct values, its bound is 3"];
    assert_eq!(raw.violation_lines(&forms::CONTRACT), lines);
    // Each of two processes may have three values.
    let mut both = raw.kit.recorded();
    both.resources = vec![Vec::new(), Vec::new()];
    both.assert_contract(&forms::CONTRACT);
}

#[test]
fn log_records_are_checked_against_the_contract() {
    let raw = raw_billing();
    raw.log(None, Severity::Warn, &[]);
    raw.log(
        Some("invoice.reject"),
        Severity::Warn,
        &[("user.email", "ada@example.org")],
    );
    raw.log(
        Some("invoice.rejected"),
        Severity::Error,
        &[("account.tier", "pro"), ("error.type", "SqlError")],
    );
    raw.log(
        Some("invoice.rejected"),
        None,
        &[("order.id", "ord_1"), ("error.type", "gateway_timeout")],
    );
    let lines = [
        "event `invoice.rejected`: \"SqlError\" is not a value of `error.type` of event `invoice.rejected`",
        "event `invoice.rejected`: `account.tier` is not an attribute of event `invoice.rejected`",
        "event `invoice.rejected`: `order.id` is required but not recorded",
        "event `invoice.rejected`: has severity error, expected warn",
        "event `invoice.rejected`: has no severity, expected warn",
        "event `invoice.reject`: `user.email` is personal, and its value is not protected",
        "event `invoice.reject`: is not an event of the contract",
        "log record without a name: is not an event of the contract",
    ];
    let mut lines = lines.map(str::to_owned);
    lines.sort();
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn missing_and_empty_resource_attributes_are_reported() {
    let kit = TestScope::with_resource([
        KeyValue::new("service.name", "invoices"),
        KeyValue::new("service.version", ""),
    ]);
    let raw = Raw {
        kit,
        ..raw_billing()
    };
    raw.span("invoice.create", &invoice());
    let lines = [
        "resource of `invoices`: `deployment.environment.name` is required but missing",
        "resource of `invoices`: `service.version` is required but empty",
    ];
    assert_eq!(raw.violation_lines(&billing::CONTRACT), lines);
}

#[test]
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
