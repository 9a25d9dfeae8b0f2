//! Limits of log records, which the SDK does not implement.

use super::limits::RecordLimits;
use crate::span::shorten;
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLogger, SdkLoggerProvider};
use std::time::Duration;

/// Log processor that limits records before it passes them to another processor.
#[derive(Debug)]
pub(super) struct LimitedProcessor<P> {
    inner: P,
    limits: RecordLimits,
    /// Creates empty records to copy into, because attributes cannot be removed from a record.
    blank: SdkLogger,
}

impl<P> LimitedProcessor<P> {
    pub(super) fn new(inner: P, limits: RecordLimits) -> Self {
        Self {
            inner,
            limits,
            blank: SdkLoggerProvider::builder().build().logger("otel_contract"),
        }
    }

    fn is_within(&self, record: &SdkLogRecord) -> bool {
        let RecordLimits {
            count,
            value_length,
        } = self.limits;
        let mut attributes = record.attributes_iter();
        match value_length {
            None => attributes.nth(count).is_none(),
            Some(most) => {
                let mut number = 0;
                attributes.all(|(_, value)| {
                    number += 1;
                    number <= count && is_short(value, most)
                })
            }
        }
    }

    /// Copies a record with the attributes that were added first, and truncates their values. The body is not an attribute
    /// and is not truncated.
    fn limited(&self, record: &SdkLogRecord) -> SdkLogRecord {
        let mut limited = self.blank.create_log_record();
        if let Some(name) = record.event_name() {
            limited.set_event_name(name);
        }
        if let Some(target) = record.target() {
            limited.set_target(target.clone());
        }
        if let Some(time) = record.timestamp() {
            limited.set_timestamp(time);
        }
        if let Some(time) = record.observed_timestamp() {
            limited.set_observed_timestamp(time);
        }
        if let Some(trace) = record.trace_context() {
            limited.set_trace_context(trace.trace_id, trace.span_id, trace.trace_flags);
        }
        if let Some(text) = record.severity_text() {
            limited.set_severity_text(text);
        }
        if let Some(number) = record.severity_number() {
            limited.set_severity_number(number);
        }
        if let Some(body) = record.body() {
            limited.set_body(body.clone());
        }
        for (key, value) in record.attributes_iter().take(self.limits.count) {
            let mut value = value.clone();
            if let Some(most) = self.limits.value_length {
                truncate(&mut value, most);
            }
            limited.add_attribute(key.clone(), value);
        }
        limited
    }
}

/// Whether the bytes of a value are within the limit. A value with more bytes may still have few enough characters.
fn is_short(value: &AnyValue, most: usize) -> bool {
    match value {
        AnyValue::String(text) => text.as_str().len() <= most,
        AnyValue::Bytes(bytes) => bytes.len() <= most,
        AnyValue::ListAny(values) => values.iter().all(|value| is_short(value, most)),
        AnyValue::Map(values) => values.values().all(|value| is_short(value, most)),
        _ => true,
    }
}

fn truncate(value: &mut AnyValue, most: usize) {
    match value {
        AnyValue::String(text) => shorten(text, most),
        AnyValue::Bytes(bytes) => bytes.truncate(most),
        AnyValue::ListAny(values) => values.iter_mut().for_each(|value| truncate(value, most)),
        AnyValue::Map(values) => values.values_mut().for_each(|value| truncate(value, most)),
        // Numbers and booleans are never truncated.
        _ => {}
    }
}

impl<P: LogProcessor> LogProcessor for LimitedProcessor<P> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        if !self.is_within(record) {
            *record = self.limited(record);
        }
        self.inner.emit(record, scope);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
