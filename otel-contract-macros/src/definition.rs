//! What `contract!` hands to the macros that expand later, in other crates, without the YAML.
//!
//! It travels as one string literal ([`crate::wire`]) inside a `macro_rules!` arm: one token to carry
//! and one to parse.

use crate::wire::{Wire, wire};
use otel_contract_model as model;
use otel_contract_model::{Contract, Domain, Privacy, RequirementLevel, Type};

/// One operation or group, as the second stage sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Contract name and version: `` `billing` 1.2.0 ``.
    pub(crate) contract: String,
    /// Name in the contract: `invoice.create`.
    pub(crate) name: String,
    /// Rust type: `InvoiceCreate`.
    pub(crate) rust: String,
    /// Rust name in lower case: `invoice_create`.
    pub(crate) snake: String,
    /// File, line and column.
    pub(crate) at: String,
    /// Something of the contract could not be read: what seems unknown may only be missing.
    pub(crate) incomplete: bool,
    /// Every attribute; the index is the runtime's.
    pub(crate) attributes: Vec<AttributeDefinition>,
    /// The groups an operation takes; empty for a group.
    pub(crate) groups: Vec<GroupDefinition>,
    /// Keys that are never recorded, and where that is decided.
    pub(crate) secrets: Vec<(String, String)>,
}

/// A group inside an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GroupDefinition {
    /// Name in the contract.
    pub(crate) name: String,
    /// Rust name in lower case.
    pub(crate) snake: String,
    /// For each attribute of the group, in its order, its index in the operation.
    pub(crate) indices: Vec<usize>,
    /// Those of them the group always gives.
    pub(crate) given: Vec<usize>,
}

/// One attribute in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttributeDefinition {
    pub(crate) key: String,
    /// Field and setter: `order_id`.
    pub(crate) snake: String,
    /// Type: `OrderId`.
    pub(crate) camel: String,
    pub(crate) at: String,
    pub(crate) level: Level,
    pub(crate) sampling_relevant: bool,
    /// Whether it is a dimension of the operation's metrics.
    pub(crate) dimension: bool,
    pub(crate) instead_of: Vec<String>,
    pub(crate) values: Values,
    /// Set when it is deprecated: what to do instead.
    pub(crate) deprecated: Option<String>,
    /// Those of its values that are deprecated, and their variants.
    pub(crate) deprecated_values: Vec<(String, String)>,
    /// Key and Rust name of attributes that this one replaces: they stand for it, with a warning.
    pub(crate) old_names: Vec<(String, String)>,
}

impl AttributeDefinition {
    /// The Rust name of the old attribute with this key, if this one replaces it.
    pub(crate) fn old_name(&self, key: &str) -> Option<&str> {
        let mut old = self.old_names.iter();
        old.find_map(|(old, snake)| (old == key).then_some(snake.as_str()))
    }
}

/// When an attribute is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Required,
    OnSuccess,
    Optional,
}

/// What a literal is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// Value and variant of each, and whether others are recorded as `_OTHER`.
    Strings {
        values: Vec<(String, String)>,
        other: bool,
    },
    /// Value and variant of each.
    Ints(Vec<(i64, String)>),
    Range(i64, i64),
    Boolean,
    Text,
    Int,
    Double,
    Array(String),
    /// A string that takes only its generated type.
    Newtype,
    /// A personal string: never taken over as it is.
    Personal,
}

impl Definition {
    pub(crate) fn of_operation(contract: &Contract, operation: &model::Operation) -> Self {
        let uses = contract.uses(operation);
        let metrics = operation.metrics.as_ref();
        let dimensions = metrics.map_or(&[][..], |metrics| &metrics.dimensions);
        let index = |id| {
            uses.iter()
                .position(|used| used.attribute == id)
                .unwrap_or_default()
        };
        let groups = operation.groups.iter().map(|id| {
            let group = &contract[*id];
            let required = |used: &&model::AttributeUse| used.level == RequirementLevel::Required;
            GroupDefinition {
                name: group.name.clone(),
                snake: group.rust.snake.clone(),
                indices: group
                    .attributes
                    .iter()
                    .map(|used| index(used.attribute))
                    .collect(),
                given: group
                    .attributes
                    .iter()
                    .filter(required)
                    .map(|used| index(used.attribute))
                    .collect(),
            }
        });
        Self {
            groups: groups.collect(),
            attributes: uses
                .iter()
                .map(|used| AttributeDefinition {
                    dimension: dimensions.contains(&used.attribute),
                    old_names: old_names(contract, &uses, used),
                    ..attribute(contract, used)
                })
                .collect(),
            ..Self::named(contract, &operation.name, &operation.rust, &operation.at)
        }
    }

    pub(crate) fn of_group(contract: &Contract, group: &model::Group) -> Self {
        let uses: Vec<&model::AttributeUse> = group.attributes.iter().collect();
        Self {
            attributes: uses
                .iter()
                .map(|used| AttributeDefinition {
                    old_names: old_names(contract, &uses, used),
                    ..attribute(contract, used)
                })
                .collect(),
            ..Self::named(contract, &group.name, &group.rust, &group.at)
        }
    }

    /// The one attribute `#[derive(AttributeValue)]` checks an enum against.
    pub(crate) fn of_attribute(contract: &Contract, one: &model::Attribute) -> Self {
        Self {
            attributes: vec![attribute_of(one, Level::Optional, false)],
            ..Self::named(contract, &one.key, &one.rust, &one.at)
        }
    }

    fn named(
        contract: &Contract,
        name: &str,
        rust: &model::RustName,
        at: &model::Location,
    ) -> Self {
        let secrets = contract
            .attributes
            .iter()
            .filter(|one| one.domain == Domain::Secret);
        Self {
            contract: contract_name(contract),
            name: name.to_owned(),
            rust: rust.camel.clone(),
            snake: rust.snake.clone(),
            at: at.to_string(),
            incomplete: contract.incomplete,
            attributes: Vec::new(),
            groups: Vec::new(),
            secrets: secrets
                .map(|one| (one.key.clone(), one.at.to_string()))
                .collect(),
        }
    }
}

/// How messages name a contract: `` `billing` 1.2.0 ``.
pub(crate) fn contract_name(contract: &Contract) -> String {
    format!("`{}` {}", contract.name, contract.version)
}

fn attribute(contract: &Contract, used: &model::AttributeUse) -> AttributeDefinition {
    let level = match used.level {
        RequirementLevel::Required => Level::Required,
        RequirementLevel::OnSuccess => Level::OnSuccess,
        RequirementLevel::ConditionallyRequired(_)
        | RequirementLevel::Recommended
        | RequirementLevel::OptIn => Level::Optional,
    };
    attribute_of(&contract[used.attribute], level, used.sampling_relevant)
}

fn attribute_of(
    one: &model::Attribute,
    level: Level,
    sampling_relevant: bool,
) -> AttributeDefinition {
    AttributeDefinition {
        key: one.key.clone(),
        snake: one.rust.snake.clone(),
        camel: one.rust.camel.clone(),
        at: one.at.to_string(),
        level,
        sampling_relevant,
        dimension: false,
        instead_of: one.instead_of.clone(),
        values: values(one),
        deprecated: one.deprecated.as_ref().map(deprecation),
        deprecated_values: deprecated_values(one)
            .map(|(value, variant, _)| (value, variant.to_owned()))
            .collect(),
        old_names: Vec::new(),
    }
}

/// The attributes each of these replaces, but for those that are among them themselves.
pub(crate) fn old_attributes<'a>(
    contract: &'a Contract,
    uses: &[&model::AttributeUse],
    used: &model::AttributeUse,
) -> Vec<&'a model::Attribute> {
    let taken = |old: &&model::Attribute| {
        let mut uses = uses.iter();
        uses.any(|used| contract[used.attribute].key == old.key)
    };
    let old = contract.replaced_by(&contract[used.attribute]).into_iter();
    old.filter(|old| old.domain != Domain::Secret && !taken(old))
        .collect()
}

fn old_names(
    contract: &Contract,
    uses: &[&model::AttributeUse],
    used: &model::AttributeUse,
) -> Vec<(String, String)> {
    let old = old_attributes(contract, uses, used).into_iter();
    old.map(|old| (old.key.clone(), old.rust.snake.clone()))
        .collect()
}

/// The deprecated values of a closed set: text, variant, and what to do instead.
pub(crate) fn deprecated_values(
    one: &model::Attribute,
) -> impl Iterator<Item = (String, &str, &model::Deprecated)> {
    let (strings, ints) = match &one.domain {
        Domain::Strings { values, .. } => (values.as_slice(), [].as_slice()),
        Domain::Ints { values } => ([].as_slice(), values.as_slice()),
        Domain::Range { .. }
        | Domain::Boolean
        | Domain::Limited { .. }
        | Domain::Unbounded(_)
        | Domain::Secret => ([].as_slice(), [].as_slice()),
    };
    let strings = strings.iter().filter_map(|one| {
        Some((
            one.value.clone(),
            one.variant.as_str(),
            one.deprecated.as_ref()?,
        ))
    });
    let ints = ints.iter().filter_map(|one| {
        Some((
            one.value.to_string(),
            one.variant.as_str(),
            one.deprecated.as_ref()?,
        ))
    });
    strings.chain(ints)
}

/// What the user is told to do instead of a deprecated entry.
pub(crate) fn deprecation(deprecated: &model::Deprecated) -> String {
    let replaced = deprecated
        .replaced_by
        .as_ref()
        .map(|key| format!("use `{key}`"));
    let parts: Vec<String> = replaced
        .into_iter()
        .chain(deprecated.note.clone())
        .collect();
    parts.join(": ")
}

fn values(one: &model::Attribute) -> Values {
    let personal = matches!(one.privacy, Privacy::Personal(_));
    match &one.domain {
        Domain::Strings { values, other } => Values::Strings {
            values: values
                .iter()
                .map(|v| (v.value.clone(), v.variant.clone()))
                .collect(),
            other: *other,
        },
        Domain::Ints { values } => Values::Ints(
            values
                .iter()
                .map(|v| (v.value, v.variant.clone()))
                .collect(),
        ),
        Domain::Range { min, max } => Values::Range(*min, *max),
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => Values::Boolean,
        Domain::Limited { .. } | Domain::Unbounded(Type::String) if personal => Values::Personal,
        Domain::Limited { .. } | Domain::Unbounded(Type::String) if one.newtype => Values::Newtype,
        // A secret is no attribute of any operation; the arm is never taken.
        Domain::Limited { .. } | Domain::Unbounded(Type::String) | Domain::Secret => Values::Text,
        Domain::Unbounded(Type::Int) => Values::Int,
        Domain::Unbounded(Type::Double) => Values::Double,
        Domain::Unbounded(Type::Array(element)) => {
            Values::Array(crate::words::array(*element).to_owned())
        }
    }
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
    secrets
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
            Self::Newtype => 8,
            Self::Personal => 9,
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
            Self::Boolean
            | Self::Text
            | Self::Int
            | Self::Double
            | Self::Newtype
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
            8 => Self::Newtype,
            9 => Self::Personal,
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
            Values::Array("Text".into()),
            Values::Newtype,
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
        };
        assert_eq!(
            Definition::decode(&definition.encode()),
            Some(definition.clone())
        );
        assert_eq!(Definition::decode(&definition.encode()[1..]), None);
    }
}
