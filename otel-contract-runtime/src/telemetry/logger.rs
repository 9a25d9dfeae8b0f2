//! Type-erased loggers: the loggers of the API have different record types.

use crate::definition::ContractDefinition;
use crate::definition::{EventDefinition, Severity};
use opentelemetry::logs::{
    AnyValue, LogRecord as _, Logger, LoggerProvider, Severity as SeverityNumber,
};
use opentelemetry::trace::SpanContext;
use opentelemetry::{Array, KeyValue, Value};
use std::time::SystemTime;

/// A logger provider of any type.
pub(crate) trait EventLoggerProvider: Send + Sync {
    fn logger(&self, contract: &ContractDefinition) -> Box<dyn EventLogger>;
}

impl<P> EventLoggerProvider for P
where
    P: LoggerProvider<Logger: Send + Sync + 'static> + Send + Sync,
{
    fn logger(&self, contract: &ContractDefinition) -> Box<dyn EventLogger> {
        Box::new(self.logger_with_scope(contract.scope()))
    }
}

/// The logger of one contract.
pub(crate) trait EventLogger: Send + Sync {
    fn is_enabled(&self, event: &EventDefinition) -> bool;
    fn emit(&self, event: LogEvent);
}

/// An event about to be recorded.
pub(crate) struct LogEvent {
    pub(crate) definition: &'static EventDefinition,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) span: SpanContext,
}

impl<L: Logger + Send + Sync> EventLogger for L {
    fn is_enabled(&self, event: &EventDefinition) -> bool {
        self.event_enabled(
            number(event.severity),
            event.contract.name,
            Some(event.name),
        )
    }

    fn emit(&self, event: LogEvent) {
        let LogEvent {
            definition,
            attributes,
            span,
        } = event;
        let severity = number(definition.severity);
        let mut record = self.create_log_record();
        record.set_event_name(definition.name);
        record.set_timestamp(SystemTime::now());
        record.set_severity_number(severity);
        record.set_severity_text(severity.name());
        record.set_body(AnyValue::from(definition.brief));
        let attributes = attributes.into_iter();
        record.add_attributes(attributes.map(|attribute| (attribute.key, any(attribute.value))));
        // The SDK sets the trace context itself. Other providers may not.
        if span.is_valid() {
            record.set_trace_context(span.trace_id(), span.span_id(), Some(span.trace_flags()));
        }
        Logger::emit(self, record);
    }
}

fn number(severity: Severity) -> SeverityNumber {
    match severity {
        Severity::Trace => SeverityNumber::Trace,
        Severity::Debug => SeverityNumber::Debug,
        Severity::Info => SeverityNumber::Info,
        Severity::Warn => SeverityNumber::Warn,
        Severity::Error => SeverityNumber::Error,
        Severity::Fatal => SeverityNumber::Fatal,
    }
}

/// Converts a span attribute value to a log record value.
fn any(value: Value) -> AnyValue {
    match value {
        Value::Bool(value) => AnyValue::Boolean(value),
        Value::I64(value) => AnyValue::Int(value),
        Value::F64(value) => AnyValue::Double(value),
        Value::String(value) => AnyValue::String(value),
        Value::Array(Array::Bool(values)) => values.into_iter().collect(),
        Value::Array(Array::I64(values)) => values.into_iter().collect(),
        Value::Array(Array::F64(values)) => values.into_iter().collect(),
        Value::Array(Array::String(values)) => values.into_iter().collect(),
        other => AnyValue::from(other.to_string()),
    }
}
