//! What the runtime knows of a contract: static tables that `contract!` writes.
//!
//! Everywhere else an attribute of an operation is its index in [`OperationDefinition::attributes`],
//! and a value of a closed set is its code: the position among its values.

use crate::capped::CappedText;
use crate::metric::Observed;
use opentelemetry::trace::SpanKind;
use opentelemetry::{InstrumentationScope, KeyValue, Value};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Recorded for a value outside of a set that is open, and past the limit of one that is bounded.
pub(crate) const OTHER: &str = "_OTHER";

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

/// One attribute of the vocabulary.
#[derive(Debug)]
pub struct AttributeDefinition {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// The values it takes.
    pub values: Values,
}

/// The values of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// A closed set, `_OTHER` last where it can occur.
    Strings(&'static [&'static str]),
    /// A closed set of integers.
    Ints(&'static [i64]),
    /// Integers from this one on; the code is the distance.
    From(i64),
    /// `false` and `true`.
    Boolean,
    /// The first so many texts that come, in the order they came; then `_OTHER`.
    Limited(u32),
    /// Anything; such values have no code.
    Unbounded,
}

impl Values {
    /// The value with this code, where the contract alone knows it.
    #[inline]
    pub(crate) fn value(self, code: u64) -> Option<Value> {
        let position = usize::try_from(code).ok()?;
        Some(match self {
            Self::Strings(values) => Value::from(*values.get(position)?),
            Self::Ints(values) => Value::I64(*values.get(position)?),
            Self::From(least) => Value::I64(least.checked_add_unsigned(code)?),
            Self::Boolean => Value::Bool(code != 0),
            Self::Limited(_) | Self::Unbounded => return None,
        })
    }
}

/// A value as it was given, on its way to a span or a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded<'a> {
    /// One of a set that has codes.
    Code(u64),
    /// Text that is looked at first: of a bounded attribute it may never be kept.
    Text(&'a str),
    /// The text of a bounded attribute.
    Capped(CappedText),
    /// The text of a bounded attribute that is looked at where it is.
    CappedRef(&'a CappedText),
    /// Text that stands in the source.
    Static(&'static str),
    /// Any other value.
    Value(Value),
}

impl Recorded<'_> {
    /// The same, to be kept.
    #[must_use]
    pub fn into_owned(self) -> Recorded<'static> {
        match self {
            Self::Code(code) => Recorded::Code(code),
            Self::Text(text) => Recorded::Value(Value::String(text.to_owned().into())),
            Self::Capped(text) => Recorded::Capped(text),
            Self::CappedRef(text) => Recorded::Capped(text.clone()),
            Self::Static(text) => Recorded::Static(text),
            Self::Value(value) => Recorded::Value(value),
        }
    }
}

impl Recorded<'static> {
    /// A text that was written as a literal.
    #[must_use]
    pub const fn text(text: &'static str) -> Self {
        Self::Static(text)
    }

    /// An integer that was written as a literal.
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self::Value(Value::I64(value))
    }

    /// A floating point number that was written as a literal.
    #[must_use]
    pub const fn double(value: f64) -> Self {
        Self::Value(Value::F64(value))
    }
}

/// A value as it may be recorded: of a bounded attribute the limiter was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Admitted {
    /// One of a set that has codes.
    Code(u64),
    /// Any other value.
    Value(Value),
}

/// One operation.
#[derive(Debug)]
pub struct OperationDefinition {
    /// Span name.
    pub name: &'static str,
    /// Span kind.
    pub kind: SpanKind,
    /// The contract it belongs to.
    pub contract: &'static ContractDefinition,
    /// Its place in the contract.
    pub index: usize,
    /// The attributes it takes.
    pub attributes: &'static [OperationAttribute],
    /// The classes it may fail with; `None`: any of the contract.
    pub errors: Option<&'static [&'static str]>,
    /// `<operation>.duration`; its last dimension is `error.type`, whose values are the classes, and
    /// `panic`, `cancelled` and `_OTHER`.
    pub duration: Option<MetricDefinition>,
    /// `<operation>.active`.
    pub active: Option<MetricDefinition>,
    /// How its spans are sampled; `None`: as the environment says.
    pub sampling: Option<Sampling>,
}

/// How an operation's spans are sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Share of traces kept, 0 to 1.
    pub ratio: f64,
    /// Keep every failed one.
    pub keep_errors: bool,
    /// Keep every one slower than this, in seconds.
    pub keep_slower_than: Option<f64>,
}

impl Sampling {
    /// What the head sampler keeps. Where failed or slow ones are to be kept that is everything: it
    /// cannot know, and would discard them; the ratio is then the Collector's.
    #[must_use]
    pub fn at_the_head(self) -> f64 {
        if self.keep_errors || self.keep_slower_than.is_some() {
            1.0
        } else {
            self.ratio
        }
    }
}

/// An attribute of an operation.
#[derive(Clone, Copy, Debug)]
pub struct OperationAttribute {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// The values it takes.
    pub values: Values,
    /// Its place among the attributes of the contract.
    pub attribute: usize,
    /// Which dimension of the operation's duration it is, if it is one.
    pub dimension: Option<usize>,
    /// Whether the sampler sees it, so that it cannot change later.
    pub sampled: bool,
}

/// A metric beside those of operations.
#[derive(Debug)]
pub struct ContractMetric {
    /// What it is.
    pub definition: MetricDefinition,
    /// How it is recorded.
    pub instrument: InstrumentKind,
    /// Type of its values.
    pub number: NumberType,
    /// Who is asked, where it is observable.
    pub observed: Option<&'static Observed>,
}

/// Kinds of instrument (OpenTelemetry specification, "Metrics API").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentKind {
    /// Sum that only grows.
    Counter,
    /// Sum that goes up and down.
    UpDownCounter,
    /// Distribution.
    Histogram,
    /// Last value.
    Gauge,
    /// Sum that only grows, asked for.
    ObservableCounter,
    /// Sum that goes up and down, asked for.
    ObservableUpDownCounter,
    /// Last value, asked for.
    ObservableGauge,
}

/// Type of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// 64-bit integers.
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// One metric.
#[derive(Debug)]
pub struct MetricDefinition {
    /// Instrument name.
    pub name: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// What it measures.
    pub brief: &'static str,
    /// Boundaries of a histogram; `None`: those of the SDK.
    pub boundaries: Option<&'static [f64]>,
    /// Its dimensions.
    pub dimensions: &'static [Dimension],
    /// How many series it can have: the product of the sizes of its dimensions.
    pub series: u64,
}

/// One dimension of a metric.
#[derive(Debug)]
pub struct Dimension {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// The values it takes.
    pub values: Values,
    /// Its place among the attributes of the contract; `None` for `error.type`.
    pub attribute: Option<usize>,
    /// Of a metric that an operation records: which of the operation's dimensions it is.
    pub of_operation: Option<usize>,
    /// How many values it has, and one more where it may be absent.
    pub size: u64,
    /// Whether it may be absent.
    pub absent: bool,
    /// The sizes of the dimensions before it, multiplied.
    pub stride: u64,
}

impl Dimension {
    /// What this dimension adds to the number of a series, for the code of a value, or none.
    #[inline]
    pub(crate) fn part(&self, code: Option<u64>) -> u64 {
        match code {
            Some(code) => (code + u64::from(self.absent)) * self.stride,
            None => 0,
        }
    }

    /// The code in the number of a series.
    pub(crate) fn code(&self, series: u64) -> Option<u64> {
        (series / self.stride % self.size).checked_sub(u64::from(self.absent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIMENSIONS: [Dimension; 3] = [
        Dimension {
            key: "a",
            values: Values::Boolean,
            attribute: Some(0),
            of_operation: None,
            size: 2,
            absent: false,
            stride: 1,
        },
        Dimension {
            key: "b",
            values: Values::From(-1),
            attribute: Some(1),
            of_operation: None,
            size: 4,
            absent: true,
            stride: 2,
        },
        Dimension {
            key: "c",
            values: Values::Strings(&["x"]),
            attribute: None,
            of_operation: None,
            size: 2,
            absent: true,
            stride: 8,
        },
    ];

    #[test]
    fn every_combination_has_a_number_of_its_own_below_the_product() {
        let mut seen = std::collections::BTreeSet::new();
        for a in [Some(0), Some(1)] {
            for b in [None, Some(0), Some(1), Some(2)] {
                for c in [None, Some(0)] {
                    let codes = [a, b, c];
                    let parts = DIMENSIONS.iter().zip(codes);
                    let number: u64 = parts.map(|(dimension, code)| dimension.part(code)).sum();
                    let back = DIMENSIONS
                        .each_ref()
                        .map(|dimension| dimension.code(number));
                    assert_eq!(back, codes);
                    seen.insert(number);
                }
            }
        }
        assert_eq!(
            seen.into_iter().collect::<Vec<_>>(),
            (0..16).collect::<Vec<_>>()
        );
    }
}
