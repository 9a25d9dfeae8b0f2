//! Telemetry that bypasses a contract: recorded with OpenTelemetry's API under the scope of the contract.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanKind, Status, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue, Value};
use otel_contract::testing::{self, Check, TestScope, Violation};

/// Records with OpenTelemetry's API under the scope of a contract.
#[derive(Debug)]
pub struct Raw {
    /// Test scope that receives the telemetry.
    pub kit: TestScope,
    /// Instrumentation scope of the telemetry.
    pub scope: InstrumentationScope,
}

/// Recorder with the scope of contract `billing`.
#[must_use]
pub fn raw_billing() -> Raw {
    let scope = InstrumentationScope::builder("billing")
        .with_version("1.2.0")
        .with_schema_url("https://telemetry.acme.example/schemas/billing/1.2.0");
    Raw {
        kit: testing::scope(),
        scope: scope.build(),
    }
}

/// Recorder with the scope of contract `forms`.
#[must_use]
pub fn raw_forms() -> Raw {
    Raw {
        kit: testing::scope(),
        scope: InstrumentationScope::builder("forms")
            .with_version("0.3.0")
            .build(),
    }
}

impl Raw {
    /// Records a span with only a name and attributes.
    pub fn span(&self, name: &'static str, attributes: &[(&'static str, Value)]) {
        self.build(SpanBuilder::from_name(name), attributes, Status::Unset);
    }

    /// Records the span of a builder, with attributes and status.
    pub fn build(
        &self,
        builder: SpanBuilder,
        attributes: &[(&'static str, Value)],
        status: Status,
    ) {
        let tracer = self
            .kit
            .tracer_provider()
            .tracer_with_scope(self.scope.clone());
        let mut span = tracer.build_with_context(builder, &Context::new());
        for (key, value) in attributes {
            span.set_attribute(KeyValue::new(*key, value.clone()));
        }
        span.set_status(status);
        span.end();
    }

    /// Meter with the scope of the contract.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.kit
            .meter_provider()
            .meter_with_scope(self.scope.clone())
    }

    /// Emits a log record.
    pub fn log(
        &self,
        name: Option<&'static str>,
        severity: impl Into<Option<Severity>>,
        attributes: &[(&'static str, &'static str)],
    ) {
        let logger = self
            .kit
            .logger_provider()
            .logger_with_scope(self.scope.clone());
        let mut record = logger.create_log_record();
        if let Some(name) = name {
            record.set_event_name(name);
        }
        if let Some(severity) = severity.into() {
            record.set_severity_number(severity);
        }
        for (key, value) in attributes {
            record.add_attribute(*key, *value);
        }
        logger.emit(record);
    }

    /// Checks the recording and returns subject and message of each violation, sorted.
    pub fn violation_lines(&self, check: impl Into<Check>) -> Vec<String> {
        violation_lines(&check.into().violations(&self.kit.recorded()))
    }
}

/// Subject and message of each violation, sorted.
#[must_use]
pub fn violation_lines(violations: &[Violation]) -> Vec<String> {
    let lines = violations
        .iter()
        .map(|violation| format!("{}: {}", violation.subject, violation.message));
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

/// Valid attributes of an `invoice.create` span.
#[must_use]
pub fn invoice() -> Vec<(&'static str, Value)> {
    vec![
        ("order.id", "ord_1".into()),
        ("account.id", "acc_1".into()),
        ("account.tier", "pro".into()),
        ("invoice.id", "inv_1".into()),
    ]
}

impl Raw {
    /// Records a `full.run` span of contract `forms`, whose operation accepts attributes of every class, with one
    /// attribute.
    pub fn span_of_forms(&self, key: &'static str, value: Value) {
        let server = SpanBuilder::from_name("full.run").with_kind(SpanKind::Server);
        self.build(server, &[(key, value)], Status::Unset);
    }
}
