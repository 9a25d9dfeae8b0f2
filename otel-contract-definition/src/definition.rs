//! The definition of an operation, a group or an attribute.

use crate::wire::{Wire, wire};

/// The definition of an operation or group, for the second stage of the macros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name and version of the contract: `` `billing` 1.2.0 ``.
    pub contract: String,
    /// The name in the contract: `invoice.create`.
    pub name: String,
    /// The Rust type: `InvoiceCreate`.
    pub rust: String,
    /// The Rust name in `snake_case`: `invoice_create`.
    pub snake: String,
    /// The location: file, line and column.
    pub at: String,
    /// Whether parts of the contract could not be read. An unknown name may be declared in such a part.
    pub incomplete: bool,
    /// All attributes. The runtime uses the same indices.
    pub attributes: Vec<AttributeDefinition>,
    /// The groups of an operation; empty for a group.
    pub groups: Vec<GroupDefinition>,
    /// The keys of the secret attributes, and the location of each.
    pub secrets: Vec<(String, String)>,
    /// Whether an operation lists error classes that it may fail with.
    pub lists_errors: bool,
    /// The error classes that an operation with `errors` does not list: variant and name.
    pub unlisted: Vec<(String, String)>,
}

/// The definition of a group inside an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDefinition {
    /// The name in the contract.
    pub name: String,
    /// The Rust name in `snake_case`.
    pub snake: String,
    /// The index in the operation of each attribute of the group, in the order of the group.
    pub indices: Vec<usize>,
    /// The indices of the required attributes of the group.
    pub required: Vec<usize>,
}

/// The definition of an attribute in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// The name in the contract: `order.id`.
    pub key: String,
    /// The name of the field and the setter: `order_id`.
    pub snake: String,
    /// The Rust type: `OrderId`.
    pub camel: String,
    /// The location: file, line and column.
    pub at: String,
    /// The requirement level.
    pub level: Level,
    /// Whether the sampler sees the attribute.
    pub sampling_relevant: bool,
    /// Whether the attribute is a dimension of the operation's metrics.
    pub dimension: bool,
    /// Names that users might write instead of the key.
    pub instead_of: Vec<String>,
    /// The values that literals are checked against.
    pub values: Values,
    /// The advice, if the attribute is deprecated.
    pub deprecated: Option<String>,
    /// The deprecated values and their variants.
    pub deprecated_values: Vec<(String, String)>,
    /// The keys and Rust names of the attributes that this attribute replaces. They are accepted with a warning.
    pub old_names: Vec<(String, String)>,
}

impl AttributeDefinition {
    /// Returns the Rust name of the replaced attribute with this key.
    #[must_use]
    pub fn old_name(&self, key: &str) -> Option<&str> {
        let mut old = self.old_names.iter();
        old.find_map(|(old, snake)| (old == key).then_some(snake.as_str()))
    }
}

/// The requirement level of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Set when the operation starts.
    Required,
    /// Set when the operation succeeds.
    OnSuccess,
    /// Set at any time, or never.
    Optional,
}

/// The values that literals are checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A closed set of strings.
    Strings {
        /// The values and their variants.
        values: Vec<(String, String)>,
        /// Whether other values are recorded as `_OTHER`.
        other: bool,
    },
    /// A closed set of integers: the values and their variants.
    Ints(Vec<(i64, String)>),
    /// The integers from the first to the second.
    Range(i64, i64),
    /// `true` or `false`.
    Boolean,
    /// Any string.
    Text,
    /// Any integer.
    Int,
    /// Any floating point number.
    Double,
    /// An array, with the name of its element type in messages.
    Array(String),
    /// A bounded string: a literal, or a value of the constructor `capped`.
    Capped,
    /// A string that must have the generated type.
    Newtype {
        /// Whether the attribute is bounded, so that `capped` constructs the type.
        capped: bool,
    },
    /// A personal string, which is always protected.
    Personal,
}

wire!(Definition {
    contract,
    name,
    rust,
    snake,
    at,
    incomplete,
    attributes,
    groups,
    secrets,
    lists_errors,
    unlisted
});
wire!(GroupDefinition {
    name,
    snake,
    indices,
    required
});
wire!(AttributeDefinition {
    key,
    snake,
    camel,
    at,
    level,
    sampling_relevant,
    dimension,
    instead_of,
    values,
    deprecated,
    deprecated_values,
    old_names,
});

impl Wire for Level {
    fn write(&self, to: &mut String) {
        let number: usize = match self {
            Self::Required => 0,
            Self::OnSuccess => 1,
            Self::Optional => 2,
        };
        number.write(to);
    }

    fn read(from: &mut &str) -> Option<Self> {
        match usize::read(from)? {
            0 => Some(Self::Required),
            1 => Some(Self::OnSuccess),
            2 => Some(Self::Optional),
            _ => None,
        }
    }
}

impl Wire for Values {
    fn write(&self, to: &mut String) {
        let number: usize = match self {
            Self::Strings { .. } => 0,
            Self::Ints(_) => 1,
            Self::Range(..) => 2,
            Self::Boolean => 3,
            Self::Text => 4,
            Self::Int => 5,
            Self::Double => 6,
            Self::Array(_) => 7,
            Self::Newtype { .. } => 8,
            Self::Personal => 9,
            Self::Capped => 10,
        };
        number.write(to);
        match self {
            Self::Strings { values, other } => {
                values.write(to);
                other.write(to);
            }
            Self::Ints(values) => values.write(to),
            Self::Range(min, max) => (*min, *max).write(to),
            Self::Array(element) => element.write(to),
            Self::Newtype { capped } => capped.write(to),
            Self::Boolean
            | Self::Text
            | Self::Int
            | Self::Double
            | Self::Capped
            | Self::Personal => {}
        }
    }

    fn read(from: &mut &str) -> Option<Self> {
        Some(match usize::read(from)? {
            0 => Self::Strings {
                values: Wire::read(from)?,
                other: Wire::read(from)?,
            },
            1 => Self::Ints(Wire::read(from)?),
            2 => Self::Range(Wire::read(from)?, Wire::read(from)?),
            3 => Self::Boolean,
            4 => Self::Text,
            5 => Self::Int,
            6 => Self::Double,
            7 => Self::Array(Wire::read(from)?),
            8 => Self::Newtype {
                capped: Wire::read(from)?,
            },
            9 => Self::Personal,
            10 => Self::Capped,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_decoded_as_it_was_encoded() {
        let attribute = |values| AttributeDefinition {
            key: "a.b".into(),
            snake: "a_b".into(),
            camel: "AB".into(),
            at: "c.yaml:1:2".into(),
            level: Level::OnSuccess,
            sampling_relevant: true,
            dimension: true,
            instead_of: vec!["ä:b".into(), String::new()],
            values,
            deprecated: Some("use `c`".into()),
            old_names: vec![("purchase.id".to_owned(), "purchase_id".to_owned())],
            deprecated_values: vec![("x".into(), "X".into())],
        };
        let strings = Values::Strings {
            values: vec![("1:x".into(), "X".into())],
            other: true,
        };
        let values = [
            strings,
            Values::Ints(vec![(-4, "M4".into())]),
            Values::Range(i64::MIN, i64::MAX),
            Values::Boolean,
            Values::Text,
            Values::Int,
            Values::Double,
            Values::Array("strings".into()),
            Values::Capped,
            Values::Newtype { capped: true },
            Values::Personal,
        ];
        let definition = Definition {
            contract: "`billing` 1.2.0".into(),
            name: "invoice.create".into(),
            rust: "InvoiceCreate".into(),
            snake: "invoice_create".into(),
            at: "c.yaml:9:9".into(),
            incomplete: true,
            attributes: values.into_iter().map(attribute).collect(),
            groups: vec![GroupDefinition {
                name: "g".into(),
                snake: "g".into(),
                indices: vec![2, 0],
                required: vec![2],
            }],
            secrets: vec![("card".into(), "c.yaml:3:3".into())],
            lists_errors: true,
            unlisted: vec![("TooLate".into(), "too_late".into())],
        };
        assert_eq!(
            Definition::decode(&definition.encode()),
            Some(definition.clone())
        );
        assert_eq!(Definition::decode(&definition.encode()[1..]), None);
    }
}
