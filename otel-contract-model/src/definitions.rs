//! What the macros are told of a contract: definitions of its operations, groups and attributes, and an
//! index of all its names.

use crate::contract::{
    Attribute, AttributeId, AttributeUse, Contract, Deprecated, Domain, Element, Group, Location,
    Operation, Privacy, RequirementLevel, RustName, Type,
};
use crate::text;
use otel_contract_definition::{
    AttributeDefinition, Definition, GroupDefinition, Index, Indexed, IndexedError, Level, Values,
};

/// An operation with the attributes it uses.
#[must_use]
pub fn of_operation(contract: &Contract, operation: &Operation) -> Definition {
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
        let required = |used: &&AttributeUse| used.level == RequirementLevel::Required;
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
    let unlisted = operation.errors.iter().flat_map(|listed| {
        let classes = contract.errors.iter();
        classes.filter(|class| listed.iter().all(|id| contract[*id].name != class.name))
    });
    Definition {
        unlisted: unlisted
            .map(|class| (class.rust.camel.clone(), class.name.clone()))
            .collect(),
        groups: groups.collect(),
        attributes: uses
            .iter()
            .map(|used| AttributeDefinition {
                dimension: dimensions.contains(&used.attribute),
                old_names: old_names(contract, &uses, used),
                ..attribute(contract, used)
            })
            .collect(),
        ..named(contract, &operation.name, &operation.rust, &operation.at)
    }
}

/// A group with its attributes.
#[must_use]
pub fn of_group(contract: &Contract, group: &Group) -> Definition {
    let uses: Vec<&AttributeUse> = group.attributes.iter().collect();
    Definition {
        attributes: uses
            .iter()
            .map(|used| AttributeDefinition {
                old_names: old_names(contract, &uses, used),
                ..attribute(contract, used)
            })
            .collect(),
        ..named(contract, &group.name, &group.rust, &group.at)
    }
}

/// The one attribute `#[derive(AttributeValue)]` checks an enum against.
#[must_use]
pub fn of_attribute(contract: &Contract, one: &Attribute) -> Definition {
    Definition {
        attributes: vec![attribute_of(one, Level::Optional, false)],
        ..named(contract, &one.key, &one.rust, &one.at)
    }
}

fn named(contract: &Contract, name: &str, rust: &RustName, at: &Location) -> Definition {
    let secrets = contract
        .attributes
        .iter()
        .filter(|one| one.domain == Domain::Secret);
    Definition {
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
        unlisted: Vec::new(),
    }
}

/// Every name of a contract.
#[must_use]
pub fn index(contract: &Contract) -> Index {
    let attributes = contract.attributes.iter().map(|one| Indexed {
        key: one.key.clone(),
        camel: one.rust.camel.clone(),
        at: one.at.to_string(),
        instead_of: one.instead_of.clone(),
        secret: one.domain == Domain::Secret,
    });
    let errors = contract.errors.iter().map(|one| IndexedError {
        name: one.name.clone(),
        snake: one.rust.snake.clone(),
        camel: one.rust.camel.clone(),
        deprecated: one.deprecated.is_some(),
    });
    let operations = contract.operations.iter();
    let groups = contract.groups.iter();
    Index {
        contract: contract_name(contract),
        at: contract.at.to_string(),
        incomplete: contract.incomplete,
        operations: operations
            .map(|one| (one.rust.camel.clone(), one.name.clone()))
            .collect(),
        groups: groups
            .map(|one| (one.rust.camel.clone(), one.name.clone()))
            .collect(),
        attributes: attributes.collect(),
        errors: errors.collect(),
    }
}

/// How messages name a contract: `` `billing` 1.2.0 ``.
#[must_use]
pub fn contract_name(contract: &Contract) -> String {
    format!("`{}` {}", contract.name, contract.version)
}

fn attribute(contract: &Contract, used: &AttributeUse) -> AttributeDefinition {
    let level = match used.level {
        RequirementLevel::Required => Level::Required,
        RequirementLevel::OnSuccess => Level::OnSuccess,
        RequirementLevel::ConditionallyRequired(_)
        | RequirementLevel::Recommended
        | RequirementLevel::OptIn => Level::Optional,
    };
    attribute_of(&contract[used.attribute], level, used.sampling_relevant)
}

fn attribute_of(one: &Attribute, level: Level, sampling_relevant: bool) -> AttributeDefinition {
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

/// The attributes that `used` replaces, but for those in use themselves.
#[must_use]
pub fn old_attributes<'a>(
    contract: &'a Contract,
    uses: &[&AttributeUse],
    used: &AttributeUse,
) -> Vec<&'a Attribute> {
    let taken = |old: &&Attribute| {
        let mut uses = uses.iter();
        uses.any(|used| contract[used.attribute].key == old.key)
    };
    let old = contract.replaced_by(&contract[used.attribute]).into_iter();
    old.filter(|old| old.domain != Domain::Secret && !taken(old))
        .collect()
}

fn old_names(
    contract: &Contract,
    uses: &[&AttributeUse],
    used: &AttributeUse,
) -> Vec<(String, String)> {
    let old = old_attributes(contract, uses, used).into_iter();
    old.map(|old| (old.key.clone(), old.rust.snake.clone()))
        .collect()
}

/// The deprecated values of a closed set: text, variant, and what to do instead.
pub fn deprecated_values(one: &Attribute) -> impl Iterator<Item = (String, &str, &Deprecated)> {
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

/// What the user is told to do instead of a deprecated entry, as one line.
#[must_use]
pub fn deprecation(deprecated: &Deprecated) -> String {
    let replaced = deprecated
        .replaced_by
        .as_ref()
        .map(|key| format!("use `{key}`"));
    let parts: Vec<String> = replaced
        .into_iter()
        .chain(deprecated.note.clone())
        .collect();
    text::line(&parts.join(": "))
}

fn values(one: &Attribute) -> Values {
    let personal = matches!(one.privacy, Privacy::Personal(_));
    let capped = matches!(one.domain, Domain::Limited { .. });
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
        Domain::Unbounded(Type::String) if personal => Values::Personal,
        Domain::Limited { .. } | Domain::Unbounded(Type::String) if one.newtype => {
            Values::Newtype { capped }
        }
        Domain::Limited { .. } => Values::Capped,
        // A secret is no attribute of any operation; the arm is never taken.
        Domain::Unbounded(Type::String) | Domain::Secret => Values::Text,
        Domain::Unbounded(Type::Int) => Values::Int,
        Domain::Unbounded(Type::Double) => Values::Double,
        Domain::Unbounded(Type::Array(element)) => Values::Array(elements(*element).to_owned()),
    }
}

/// Whether only the resource has this attribute: it is set once, and makes no series.
#[must_use]
pub fn is_of_resource_alone(contract: &Contract, one: &Attribute) -> bool {
    let is_this = |id: AttributeId| contract[id].key == one.key;
    let has = |uses: &[AttributeUse]| uses.iter().any(|used| is_this(used.attribute));
    has(&contract.resource)
        && !contract.baggage.iter().copied().any(is_this)
        && !contract.groups.iter().any(|group| has(&group.attributes))
        && !contract
            .metrics
            .iter()
            .any(|metric| has(&metric.attributes))
        && !contract.events.iter().any(|event| has(&event.attributes))
        && !contract.operations.iter().any(|one| {
            let mut uses = contract.uses(one).into_iter();
            uses.any(|used| is_this(used.attribute))
        })
}

/// What an array holds, as messages say it.
#[must_use]
pub fn elements(element: Element) -> &'static str {
    match element {
        Element::String => "strings",
        Element::Int => "integers",
        Element::Double => "floating point numbers",
        Element::Boolean => "booleans",
    }
}
