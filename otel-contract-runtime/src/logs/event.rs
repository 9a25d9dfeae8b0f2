//! Emits typed events of a contract as events of `tracing`.

use super::site::{Site, SiteDescription, level};
use crate::definition::EventDefinition;
use opentelemetry::{Context, KeyValue, Value};
use std::fmt;
use tracing_core::field::{DisplayValue, Field, Value as FieldValue, display};
use tracing_core::{Event, LevelFilter, Metadata, dispatcher};

/// A typed event that a subscriber of `tracing` wants.
#[derive(Debug)]
pub(crate) struct TracingEvent {
    metadata: &'static Metadata<'static>,
    brief: &'static str,
}

impl TracingEvent {
    /// Returns the event of this definition, if a subscriber is enabled for it.
    pub(crate) fn if_enabled(definition: &'static EventDefinition) -> Option<Self> {
        let level = level(definition.severity);
        if level > LevelFilter::current() {
            return None;
        }
        let metadata = Site::of(definition, level, || describe(definition)).metadata();
        dispatcher::get_default(|dispatch| dispatch.enabled(metadata)).then_some(Self {
            metadata,
            brief: definition.brief,
        })
    }

    /// Emits the event. `is_recorded`: a logger of OpenTelemetry records the event, too. Telemetry is then suppressed while
    /// subscribers are called, so that a bridge from `tracing` to OpenTelemetry does not record the event again.
    pub(crate) fn emit(self, attributes: &[KeyValue], is_recorded: bool) {
        let _guard = is_recorded.then(Context::enter_telemetry_suppressed_scope);
        match attributes.len() {
            0..8 => self.dispatch::<8>(attributes),
            8..32 => self.dispatch::<32>(attributes),
            32..128 => self.dispatch::<128>(attributes),
            _ => self.dispatch::<1024>(attributes),
        }
    }

    /// Emits the event with at most `N` fields, including the message: `tracing` accepts only arrays.
    #[inline(never)]
    fn dispatch<const N: usize>(self, attributes: &[KeyValue]) {
        let names = self.metadata.fields();
        let Some(message) = names.iter().next() else {
            return;
        };
        let fields: Vec<(Field, AttributeField<'_>)> = attributes
            .iter()
            .filter_map(|KeyValue { key, value, .. }| {
                Some((names.field(key.as_str())?, AttributeField::of(value)))
            })
            .collect();
        let emit = |body: fmt::Arguments<'_>| {
            let mut values: [(&Field, Option<&dyn FieldValue>); N] = [(&message, None); N];
            values[0].1 = Some(&body);
            for (slot, (field, value)) in values[1..].iter_mut().zip(&fields) {
                *slot = (field, Some(value.as_value()));
            }
            Event::dispatch(self.metadata, &names.value_set(&values));
        };
        emit(format_args!("{}", self.brief));
    }
}

fn describe(definition: &'static EventDefinition) -> SiteDescription {
    let keys = definition.keys.iter().copied();
    let renames = definition.contract.renames.iter();
    let others = renames.filter(|(key, _)| definition.keys.contains(key));
    let fields: Vec<&'static str> = std::iter::once("message")
        .chain(keys)
        .chain(others.map(|(_, other)| *other))
        .collect();
    SiteDescription {
        name: definition.name,
        target: definition.contract.name,
        fields: fields.leak(),
    }
}

/// A value of an attribute as a value of `tracing`.
enum AttributeField<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    Other(DisplayValue<&'a Value>),
}

impl<'a> AttributeField<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::I64(value) => Self::Int(*value),
            Value::F64(value) => Self::Double(*value),
            Value::String(value) => Self::Text(value.as_str()),
            other => Self::Other(display(other)),
        }
    }

    fn as_value(&self) -> &dyn FieldValue {
        match self {
            Self::Bool(value) => value,
            Self::Int(value) => value,
            Self::Double(value) => value,
            Self::Text(value) => value,
            Self::Other(value) => value,
        }
    }
}
