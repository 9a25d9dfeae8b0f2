//! The resource: what the contract requires, complete, and what the environment adds.

use super::SetupError;
use crate::description::Contract;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;

/// Attributes that were given and say nothing. That none is missing is the compiler's part.
pub(super) fn check(contract: &Contract, given: &[KeyValue]) -> Vec<SetupError> {
    let empty = given.iter().filter(|one| says_nothing(&one.value));
    let fault = |one: &KeyValue| SetupError::Resource {
        key: one.key.to_string(),
        contract: format!("`{}` {}", contract.name, contract.version),
        at: contract
            .attribute(one.key.as_str())
            .map(|attribute| attribute.location),
    };
    empty.map(fault).collect()
}

fn says_nothing(value: &Value) -> bool {
    matches!(value, Value::String(text) if text.as_str().trim().is_empty())
}

/// What code gives goes before what the environment gives.
pub(super) fn resource(given: Vec<KeyValue>, environment: Vec<(String, String)>) -> Resource {
    let environment = environment
        .into_iter()
        .filter(|(key, _)| given.iter().all(|one| one.key.as_str() != key))
        .map(|(key, value)| KeyValue::new(key, value));
    Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(environment)
        .with_attributes(given.iter().cloned())
        .build()
}
