//! Values of attributes.

use crate::capped::CappedText;
use opentelemetry::Value;

/// Recorded for a value outside of a set that is open, and past the limit of one that is bounded.
pub(crate) const OTHER: &str = "_OTHER";

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
