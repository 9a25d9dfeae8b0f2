//! Builds the definitions that the macros receive: operations, groups, attributes, and an index of all names.

use crate::contract::{
    Attribute, AttributeId, AttributeUse, Contract, Deprecated, Domain, Element, Group, Location,
    Operation, Privacy, RequirementLevel, Route, RustName, Type,
};
use crate::text;
use otel_contract_definition::{
    AttributeDefinition, Definition, GroupDefinition, Index, IndexedAttribute, IndexedError, Level,
    Values,
};

/// Returns the definition of an operation with its attributes.
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
            required: group
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
        lists_errors: operation
            .errors
            .as_ref()
            .is_some_and(|errors| !errors.is_empty()),
        unlisted: unlisted
            .map(|class| (class.rust.camel.clone(), class.name.clone()))
            .collect(),
        groups: groups.collect(),
        attributes: uses
            .iter()
            .map(|used| AttributeDefinition {
                dimension: dimensions.contains(&used.attribute),
                old_names: old_names(contract, &uses, used),
                level: level_in_function(contract, operation, used),
                ..definition_of_use(contract, used)
            })
            .collect(),
        ..named(contract, &operation.name, &operation.rust, &operation.at)
    }
}

/// Returns the definition of a group with its attributes.
#[must_use]
pub fn of_group(contract: &Contract, group: &Group) -> Definition {
    let uses: Vec<&AttributeUse> = group.attributes.iter().collect();
    Definition {
        attributes: uses
            .iter()
            .map(|used| AttributeDefinition {
                old_names: old_names(contract, &uses, used),
                ..definition_of_use(contract, used)
            })
            .collect(),
        ..named(contract, &group.name, &group.rust, &group.at)
    }
}

/// Returns the definition of a single attribute, for `#[derive(AttributeValue)]`.
#[must_use]
pub fn of_attribute(contract: &Contract, attribute: &Attribute) -> Definition {
    Definition {
        attributes: vec![attribute_definition(attribute, Level::Optional, false)],
        ..named(contract, &attribute.key, &attribute.rust, &attribute.at)
    }
}

fn named(contract: &Contract, name: &str, rust: &RustName, at: &Location) -> Definition {
    let secrets = contract
        .attributes
        .iter()
        .filter(|attribute| attribute.domain == Domain::Secret);
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
            .map(|attribute| (attribute.key.clone(), attribute.at.to_string()))
            .collect(),
        lists_errors: false,
        unlisted: Vec::new(),
    }
}

/// Returns the index of all names of a contract.
#[must_use]
pub fn index(contract: &Contract) -> Index {
    let attributes = contract
        .attributes
        .iter()
        .map(|attribute| IndexedAttribute {
            key: attribute.key.clone(),
            camel: attribute.rust.camel.clone(),
            at: attribute.at.to_string(),
            instead_of: attribute.instead_of.clone(),
            secret: attribute.domain == Domain::Secret,
        });
    let errors = contract.errors.iter().map(|error| IndexedError {
        name: error.name.clone(),
        snake: error.rust.snake.clone(),
        camel: error.rust.camel.clone(),
        deprecated: error.deprecated.is_some(),
    });
    let operations = contract.operations.iter();
    let groups = contract.groups.iter();
    Index {
        contract: contract_name(contract),
        at: contract.at.to_string(),
        incomplete: contract.incomplete,
        operations: operations
            .map(|operation| (operation.rust.camel.clone(), operation.name.clone()))
            .collect(),
        groups: groups
            .map(|group| (group.rust.camel.clone(), group.name.clone()))
            .collect(),
        attributes: attributes.collect(),
        errors: errors.collect(),
    }
}

/// Returns the name of a contract for messages: `` `billing` 1.2.0 ``.
#[must_use]
pub fn contract_name(contract: &Contract) -> String {
    format!("`{}` {}", contract.name, contract.version)
}

fn definition_of_use(contract: &Contract, used: &AttributeUse) -> AttributeDefinition {
    attribute_definition(
        &contract[used.attribute],
        level(used),
        used.sampling_relevant,
    )
}

fn level(used: &AttributeUse) -> Level {
    match used.level {
        RequirementLevel::Required => Level::Required,
        RequirementLevel::OnSuccess => Level::OnSuccess,
        RequirementLevel::ConditionallyRequired(_)
        | RequirementLevel::Recommended
        | RequirementLevel::OptIn => Level::Optional,
    }
}

/// Returns the level of an attribute in an annotated function, which need not set what a server layer sets.
fn level_in_function(contract: &Contract, operation: &Operation, used: &AttributeUse) -> Level {
    let attribute = &contract[used.attribute];
    let is_set_by_layer = !operation.routes.is_empty()
        && !attribute.privacy.is_protected()
        && Route::SET_BY_LAYERS.contains(&attribute.key.as_str());
    match level(used) {
        Level::Required if is_set_by_layer => Level::Optional,
        level => level,
    }
}

fn attribute_definition(
    attribute: &Attribute,
    level: Level,
    sampling_relevant: bool,
) -> AttributeDefinition {
    AttributeDefinition {
        key: attribute.key.clone(),
        snake: attribute.rust.snake.clone(),
        camel: attribute.rust.camel.clone(),
        at: attribute.at.to_string(),
        level,
        sampling_relevant,
        dimension: false,
        instead_of: attribute.instead_of.clone(),
        values: values(attribute),
        deprecated: attribute.life_cycle.deprecated.as_ref().map(deprecation),
        deprecated_values: deprecated_values(attribute)
            .map(|(value, variant, _)| (value, variant.to_owned()))
            .collect(),
        old_names: Vec::new(),
    }
}

/// Returns the deprecated attributes whose replacement is the attribute of `used`. Attributes in `uses` are omitted, and
/// so are secrets.
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
    let old = contract
        .predecessors_of(&contract[used.attribute])
        .into_iter();
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

/// Returns the deprecated values of a closed set: text, variant and deprecation.
pub fn deprecated_values(
    attribute: &Attribute,
) -> impl Iterator<Item = (String, &str, &Deprecated)> {
    let (strings, ints) = match &attribute.domain {
        Domain::Strings { values, .. } => (values.as_slice(), [].as_slice()),
        Domain::Ints { values } => ([].as_slice(), values.as_slice()),
        Domain::Range { .. }
        | Domain::Boolean
        | Domain::Limited { .. }
        | Domain::Unbounded(_)
        | Domain::Secret => ([].as_slice(), [].as_slice()),
    };
    let strings = strings.iter().filter_map(|value| {
        Some((
            value.value.clone(),
            value.variant.as_str(),
            value.deprecated.as_ref()?,
        ))
    });
    let ints = ints.iter().filter_map(|value| {
        Some((
            value.value.to_string(),
            value.variant.as_str(),
            value.deprecated.as_ref()?,
        ))
    });
    strings.chain(ints)
}

/// Returns the advice of a deprecated entry as one line.
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

fn values(attribute: &Attribute) -> Values {
    let personal = matches!(attribute.privacy, Privacy::Personal(_));
    let capped = matches!(attribute.domain, Domain::Limited { .. });
    match &attribute.domain {
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
        Domain::Limited { .. } | Domain::Unbounded(Type::String) if attribute.newtype => {
            Values::Newtype { capped }
        }
        Domain::Limited { .. } => Values::Capped,
        // No operation can use a secret, so this value is never seen for a secret.
        Domain::Unbounded(Type::String) | Domain::Secret => Values::Text,
        Domain::Unbounded(Type::Int) => Values::Int,
        Domain::Unbounded(Type::Double) => Values::Double,
        Domain::Unbounded(Type::Array(element)) => Values::Array(elements(*element).to_owned()),
    }
}

/// Returns whether only the resource uses an attribute. Such an attribute is set once and adds no series.
#[must_use]
pub fn is_used_only_by_resource(contract: &Contract, attribute: &Attribute) -> bool {
    let is_this = |id: AttributeId| contract[id].key == attribute.key;
    let has = |uses: &[AttributeUse]| uses.iter().any(|used| is_this(used.attribute));
    has(&contract.resource)
        && !contract.baggage.iter().copied().any(is_this)
        && !contract.groups.iter().any(|group| has(&group.attributes))
        && !contract
            .metrics
            .iter()
            .any(|metric| has(&metric.attributes))
        && !contract.events.iter().any(|event| has(&event.attributes))
        && !contract.operations.iter().any(|operation| {
            let mut uses = contract.uses(operation).into_iter();
            uses.any(|used| is_this(used.attribute))
        })
}

/// Returns the element type of an array as named in messages.
#[must_use]
pub fn elements(element: Element) -> &'static str {
    match element {
        Element::String => "strings",
        Element::Int => "integers",
        Element::Double => "floating point numbers",
        Element::Boolean => "booleans",
    }
}
