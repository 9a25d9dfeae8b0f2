//! An operation, a group or an attribute, as the macros see it.

use crate::wire::{Wire, wire};

/// One operation or group, as the second stage sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Contract name and version: `` `billing` 1.2.0 ``.
    pub contract: String,
    /// Name in the contract: `invoice.create`.
    pub name: String,
    /// Rust type: `InvoiceCreate`.
    pub rust: String,
    /// Rust name in lower case: `invoice_create`.
    pub snake: String,
    /// File, line and column.
    pub at: String,
    /// Something of the contract could not be read: what seems unknown may only be missing.
    pub incomplete: bool,
    /// Every attribute; the index is the runtime's.
    pub attributes: Vec<AttributeDefinition>,
    /// The groups an operation takes; empty for a group.
    pub groups: Vec<GroupDefinition>,
    /// Keys that are never recorded, and where that is decided.
    pub secrets: Vec<(String, String)>,
    /// Error classes of the contract that an operation with a list does not list: variant and name.
    pub unlisted: Vec<(String, String)>,
}

/// A group inside an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDefinition {
    /// Name in the contract.
    pub name: String,
    /// Rust name in lower case.
    pub snake: String,
    /// For each attribute of the group, in its order, its index in the operation.
    pub indices: Vec<usize>,
    /// Those of them the group always gives.
    pub given: Vec<usize>,
}

/// One attribute in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// Name in the contract: `order.id`.
    pub key: String,
    /// Field and setter: `order_id`.
    pub snake: String,
    /// Type: `OrderId`.
    pub camel: String,
    /// File, line and column.
    pub at: String,
    /// When it is given.
    pub level: Level,
    /// Whether the sampler is to see it.
    pub sampling_relevant: bool,
    /// Whether it is a dimension of the operation's metrics.
    pub dimension: bool,
    /// Keys it is written in place of.
    pub instead_of: Vec<String>,
    /// What a literal is checked against.
    pub values: Values,
    /// Set when it is deprecated: what to do instead.
    pub deprecated: Option<String>,
    /// Those of its values that are deprecated, and their variants.
    pub deprecated_values: Vec<(String, String)>,
    /// Key and Rust name of attributes that this one replaces: they stand for it, with a warning.
    pub old_names: Vec<(String, String)>,
}

impl AttributeDefinition {
    /// The Rust name of the old attribute with this key, if this one replaces it.
    #[must_use]
    pub fn old_name(&self, key: &str) -> Option<&str> {
        let mut old = self.old_names.iter();
        old.find_map(|(old, snake)| (old == key).then_some(snake.as_str()))
    }
}

/// When an attribute is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// At entry.
    Required,
    /// When the operation worked.
    OnSuccess,
    /// At any time, or never.
    Optional,
}

/// What a literal is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A closed set of strings.
    Strings {
        /// Value and variant of each.
        values: Vec<(String, String)>,
        /// Whether others are recorded as `_OTHER`.
        other: bool,
    },
    /// A closed set of integers: value and variant of each.
    Ints(Vec<(i64, String)>),
    /// Integers from the first to the last.
    Range(i64, i64),
    /// `true` or `false`.
    Boolean,
    /// Any string.
    Text,
    /// Any integer.
    Int,
    /// Any floating point number.
    Double,
    /// An array; of what, in words.
    Array(String),
    /// A bounded string: takes literals, and what its constructor `capped` made.
    Capped,
    /// A string that takes only its generated type.
    Newtype {
        /// Whether it is bounded, so that the type is made by `capped`.
        capped: bool,
    },
    /// A personal string: never taken over as it is.
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
    unlisted
});
wire!(GroupDefinition {
    name,
    snake,
    indices,
    given
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
    fn a_definition_survives_the_way_through_a_literal() {
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
                given: vec![2],
            }],
            secrets: vec![("card".into(), "c.yaml:3:3".into())],
            unlisted: vec![("TooLate".into(), "too_late".into())],
        };
        assert_eq!(
            Definition::decode(&definition.encode()),
            Some(definition.clone())
        );
        assert_eq!(Definition::decode(&definition.encode()[1..]), None);
    }
}
