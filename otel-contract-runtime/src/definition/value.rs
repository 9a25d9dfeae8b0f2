//! Values of attributes.

use crate::capped::CappedText;
use opentelemetry::Value;

/// Recorded instead of a value that the contract does not list, if the set allows `_OTHER`, and instead of a value beyond
/// the limit of a bounded attribute.
pub(crate) const OTHER: &str = "_OTHER";

/// Definition of an attribute.
#[derive(Debug)]
pub struct AttributeDefinition {
    /// OpenTelemetry key.
    pub key: &'static str,
    /// Allowed values.
    pub values: Values,
}

/// Allowed values of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// A closed set of strings. The last one is `_OTHER` if other values are allowed.
    Strings(&'static [&'static str]),
    /// A closed set of integers.
    Ints(&'static [i64]),
    /// Integers from the first to the second value. The code is the difference to the first value.
    Range(i64, i64),
    /// `false` and `true`.
    Boolean,
    /// A maximum number of strings. The first values are recorded and numbered in order of arrival, any other as
    /// `_OTHER`.
    Limited(u32),
    /// Any value. The values have no codes.
    Unbounded,
}

impl Values {
    /// Returns the value with this code. `None` for a code beyond the values, and for limited and unbounded values, whose
    /// codes exist only at run time or not at all.
    #[inline]
    pub(crate) fn value(self, code: u64) -> Option<Value> {
        let position = usize::try_from(code).ok()?;
        Some(match self {
            Self::Strings(values) => Value::from(*values.get(position)?),
            Self::Ints(values) => Value::I64(*values.get(position)?),
            Self::Range(least, _) => Value::I64(least.checked_add_unsigned(code)?),
            Self::Boolean => Value::Bool(code != 0),
            Self::Limited(_) | Self::Unbounded => return None,
        })
    }
}

/// An attribute value as the user set it, before the limiter of a bounded attribute is applied.
#[derive(Clone, Debug, PartialEq)]
pub enum InputValue<'a> {
    /// Code of a value.
    Code(u64),
    /// Borrowed text. It is copied only if it is recorded.
    Text(&'a str),
    /// Text of a bounded attribute.
    Capped(CappedText),
    /// Borrowed text of a bounded attribute.
    CappedRef(&'a CappedText),
    /// Text from the source code.
    Static(&'static str),
    /// Any other value.
    Value(Value),
}

impl InputValue<'_> {
    /// Converts borrowed text to owned text.
    #[must_use]
    pub fn into_owned(self) -> InputValue<'static> {
        match self {
            Self::Code(code) => InputValue::Code(code),
            Self::Text(text) => InputValue::Value(Value::String(text.to_owned().into())),
            Self::Capped(text) => InputValue::Capped(text),
            Self::CappedRef(text) => InputValue::Capped(text.clone()),
            Self::Static(text) => InputValue::Static(text),
            Self::Value(value) => InputValue::Value(value),
        }
    }
}

impl InputValue<'static> {
    /// Creates a value from a string literal.
    #[must_use]
    pub const fn text(text: &'static str) -> Self {
        Self::Static(text)
    }

    /// Creates a value from an integer literal.
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self::Value(Value::I64(value))
    }

    /// Creates a value from a floating point literal.
    #[must_use]
    pub const fn double(value: f64) -> Self {
        Self::Value(Value::F64(value))
    }
}

/// An attribute value that may be recorded: the limiter of a bounded attribute has been applied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Admitted {
    /// Code of a value.
    Code(u64),
    /// Any other value.
    Value(Value),
}
