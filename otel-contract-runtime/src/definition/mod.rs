//! What the runtime knows of a contract: static tables that `contract!` writes.
//!
//! Everywhere else an attribute of an operation is its index in [`OperationDefinition::attributes`],
//! and a value of a closed set is its code: the position among its values.

mod event;
mod metric;
mod operation;
mod value;

pub use event::{EventDefinition, Severity};
pub use metric::{ContractMetric, Dimension, InstrumentKind, MetricDefinition, NumberType};
pub use operation::{OperationAttribute, OperationDefinition, Sampling};
pub(crate) use value::{Admitted, OTHER};
pub use value::{AttributeDefinition, Recorded, Values};

use opentelemetry::{InstrumentationScope, KeyValue};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One contract.
#[derive(Debug)]
pub struct ContractDefinition {
    /// Name of the contract, and of its instrumentation scope.
    pub name: &'static str,
    /// Version of the contract, and of its instrumentation scope.
    pub version: &'static str,
    /// Schema URL of the scope.
    pub schema_url: Option<&'static str>,
    /// Every attribute that is ever recorded.
    pub attributes: &'static [AttributeDefinition],
    /// Every operation.
    pub operations: &'static [OperationDefinition],
    /// Every metric beside those of operations.
    pub metrics: &'static [ContractMetric],
    /// `otel_contract.limited`, where an attribute is bounded.
    pub limited: Option<MetricDefinition>,
    /// Keys of attributes that are being renamed: what is recorded under the first is recorded under
    /// the second as well.
    pub renames: &'static [(&'static str, &'static str)],
    /// What it lets travel with requests.
    pub baggage: BaggageDefinition,
    /// Its place in the tables of installed telemetry.
    pub number: Number,
}

/// What a contract lets travel with requests.
#[derive(Debug)]
pub struct BaggageDefinition {
    /// Keys of its attributes.
    pub keys: &'static [&'static str],
    /// The text of a value of that key as it is sent; `None`: it is not a value of the attribute.
    pub admit: fn(&str, &str) -> Option<String>,
}

impl ContractDefinition {
    /// Its name, version and schema URL, as telemetry carries them.
    #[inline]
    pub(crate) fn scope(&self) -> InstrumentationScope {
        let scope = InstrumentationScope::builder(self.name).with_version(self.version);
        match self.schema_url {
            Some(url) => scope.with_schema_url(url).build(),
            None => scope.build(),
        }
    }

    /// Adds the other keys of attributes that are being renamed.
    #[inline]
    pub(crate) fn add_other_keys(&self, attributes: &mut Vec<KeyValue>) {
        if !self.renames.is_empty() {
            let others = attributes.iter().flat_map(|given| self.other_keys(given));
            let others: Vec<KeyValue> = others.collect();
            attributes.extend(others);
        }
    }

    /// The same value under the other keys of its attribute, where that is being renamed.
    #[inline]
    pub(crate) fn other_keys(&self, given: &KeyValue) -> impl Iterator<Item = KeyValue> {
        let renames = self.renames.iter();
        let renames = renames.filter(|(key, _)| *key == given.key.as_str());
        renames.map(|(_, other)| KeyValue::new(*other, given.value.clone()))
    }
}

/// Attributes with the other keys of those that are being renamed.
#[must_use]
pub fn with_other_keys(
    contract: &ContractDefinition,
    mut attributes: Vec<KeyValue>,
) -> Vec<KeyValue> {
    contract.add_other_keys(&mut attributes);
    attributes
}

/// A number per contract, given when it is first asked for.
#[derive(Debug, Default)]
pub struct Number(OnceLock<usize>);

impl Number {
    /// Not given yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub(crate) fn get(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        *self.0.get_or_init(|| NEXT.fetch_add(1, Ordering::Relaxed))
    }
}
