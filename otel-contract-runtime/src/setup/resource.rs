//! The resource: what the contract requires, complete, and what the environment adds.

use super::SetupError;
use super::environment::Reader;
use crate::description::Contract;
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

const SERVICE_NAME: &str = "service.name";
const SERVICE_INSTANCE_ID: &str = "service.instance.id";

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

/// Returns the attributes that the environment adds to those in code, which go first. `OTEL_SERVICE_NAME` goes before
/// `OTEL_RESOURCE_ATTRIBUTES`. Ignored values are reported.
pub(super) fn of_environment(
    reader: &mut Reader<'_>,
    given: &[KeyValue],
    attributes: Vec<(String, String)>,
) -> Vec<KeyValue> {
    const FIRST: &str = "the value in code is used";
    let in_code = |key: &str| given.iter().find(|one| one.key.as_str() == key);
    let mut added: Vec<KeyValue> = Vec::new();
    for (key, value) in attributes {
        let name = "OTEL_RESOURCE_ATTRIBUTES";
        if key.starts_with("telemetry.sdk.") {
            let what = format!("sets `{key}`, which only the SDK may set");
            let help = format!("remove `{key}`");
            reader.note(name, what, "the SDK's own value is used", help);
        } else if let Some(own) = in_code(&key) {
            if own.value.as_str() != value {
                let what = format!("sets `{key}`, which the code sets to another value");
                let help = format!(
                    "remove `{key}` from the variable, or read the value in code from a variable of the service"
                );
                reader.note(name, what, FIRST, help);
            }
        } else {
            added.retain(|known| known.key.as_str() != key);
            added.push(KeyValue::new(key, value));
        }
    }
    let name = "OTEL_SERVICE_NAME";
    if let Some(value) = reader.text(name) {
        match in_code(SERVICE_NAME) {
            Some(own) if own.value.as_str() != value => {
                let what = "differs from the service name in code";
                let help = "remove the variable, or read the service name in code from it";
                reader.note(name, what, FIRST, help);
            }
            Some(_) => {}
            None => {
                added.retain(|known| known.key.as_str() != SERVICE_NAME);
                added.push(KeyValue::new(SERVICE_NAME, value));
            }
        }
    }
    added
}

/// Builds the resource, with the schema URL of the contract.
pub(super) fn resource(
    given: Vec<KeyValue>,
    environment: Vec<KeyValue>,
    schema_url: Option<&'static str>,
) -> Resource {
    let mut all = environment;
    all.extend(given);
    if all
        .iter()
        .all(|one| one.key.as_str() != SERVICE_INSTANCE_ID)
    {
        all.push(KeyValue::new(SERVICE_INSTANCE_ID, instance()));
    }
    let resource = Resource::builder_empty().with_detector(Box::new(TelemetryResourceDetector));
    match schema_url {
        Some(url) => resource.with_schema_url(all, url).build(),
        None => resource.with_attributes(all).build(),
    }
}

/// Returns the instance id of the process: a random UUID (version 4), made once.
fn instance() -> &'static str {
    static INSTANCE: OnceLock<String> = OnceLock::new();
    INSTANCE.get_or_init(|| {
        // Its keys are random.
        let keys = RandomState::new();
        let [high, low] = [0, 1].map(|half| keys.hash_one(half));
        uuid(u128::from(high) << 64 | u128::from(low))
    })
}

/// Formats random bits as a UUID of version 4 (RFC 9562, section 5.4).
fn uuid(random: u128) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let bits = random & !VERSION & !VARIANT | 0x4 << 76 | 0b10 << 62;
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    parts.join("-")
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
