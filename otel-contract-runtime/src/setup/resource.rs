//! The resource: the attributes of the contract, which code sets, of the environment, of resources that code adds, and of
//! the detectors.

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

/// Returns an error for each empty attribute. Missing attributes do not compile.
pub(super) fn check_attributes(contract: &Contract, in_code: &[KeyValue]) -> Vec<SetupError> {
    let empty = in_code
        .iter()
        .filter(|attribute| is_blank(&attribute.value));
    let error = |empty: &KeyValue| SetupError::Resource {
        key: empty.key.to_string(),
        contract: format!("`{}` {}", contract.name, contract.version),
        at: contract
            .attribute(empty.key.as_str())
            .map(|attribute| attribute.location),
    };
    empty.map(error).collect()
}

fn is_blank(value: &Value) -> bool {
    matches!(value, Value::String(text) if text.as_str().trim().is_empty())
}

/// Returns the attributes that the environment adds. Attributes in code take precedence over the environment, and
/// `OTEL_SERVICE_NAME` over `OTEL_RESOURCE_ATTRIBUTES`. Ignored values are reported.
pub(super) fn read_environment(
    reader: &mut Reader<'_>,
    in_code: &[KeyValue],
    attributes: Vec<(String, String)>,
) -> Vec<KeyValue> {
    const EFFECT: &str = "the value in code is used";
    let find = |key: &str| in_code.iter().find(|known| known.key.as_str() == key);
    let mut added: Vec<KeyValue> = Vec::new();
    for (key, value) in attributes {
        let name = "OTEL_RESOURCE_ATTRIBUTES";
        if is_of_sdk(&key) {
            let what = format!("sets `{key}`, which only the SDK may set");
            let help = format!("remove `{key}`");
            reader.no_effect_warning(name, what, "the SDK's own value is used", help);
        } else if let Some(own) = find(&key) {
            if own.value.as_str() != value {
                let what = format!("sets `{key}`, which the code sets to another value");
                let help = format!(
                    "remove `{key}` from the variable, or let the code read the value from an environment variable"
                );
                reader.no_effect_warning(name, what, EFFECT, help);
            }
        } else {
            added.retain(|known| known.key.as_str() != key);
            added.push(KeyValue::new(key, value));
        }
    }
    let name = "OTEL_SERVICE_NAME";
    if let Some(value) = reader.text(name) {
        match find(SERVICE_NAME) {
            Some(own) if own.value.as_str() != value => {
                let what = "differs from the service name in code";
                let help = "remove the variable, or let the code read the service name from it";
                reader.no_effect_warning(name, what, EFFECT, help);
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

/// The sources of a resource. Later ones take precedence over earlier ones.
#[derive(Default)]
pub(super) struct Sources {
    /// Attributes of the detectors.
    pub(super) detected: Vec<KeyValue>,
    /// Resources that code adds to the contract's.
    pub(super) added: Vec<Resource>,
    pub(super) environment: Vec<KeyValue>,
    /// Attributes of the contract, which code sets.
    pub(super) in_code: Vec<KeyValue>,
}

impl Sources {
    /// Builds the resource, with the schema URL of the contract.
    pub(super) fn build(self, schema_url: Option<&'static str>) -> Resource {
        let added = self.added.iter().flat_map(Resource::iter);
        // Every resource of the SDK's default builder has its own attributes of the SDK.
        let added = added.filter(|(key, _)| !is_of_sdk(key.as_str()));
        let mut all = self.detected;
        all.extend(added.map(|(key, value)| KeyValue::new(key.clone(), value.clone())));
        all.extend(self.environment);
        all.extend(self.in_code);
        if all
            .iter()
            .all(|known| known.key.as_str() != SERVICE_INSTANCE_ID)
        {
            all.push(KeyValue::new(SERVICE_INSTANCE_ID, instance_id()));
        }
        let builder = Resource::builder_empty().with_detector(Box::new(TelemetryResourceDetector));
        match schema_url {
            Some(url) => builder.with_schema_url(all, url).build(),
            None => builder.with_attributes(all).build(),
        }
    }
}

/// Whether only the SDK may set an attribute.
fn is_of_sdk(key: &str) -> bool {
    key.starts_with("telemetry.sdk.")
}

/// Returns the instance id of the process: a random UUID (version 4), made once.
fn instance_id() -> &'static str {
    static INSTANCE: OnceLock<String> = OnceLock::new();
    INSTANCE.get_or_init(|| {
        // The keys of every `RandomState` are random.
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
