//! Messages about attributes and groups of an operation: unknown, missing, or set in the wrong place.

use super::Diagnostic;
use super::arguments::OPTIONS;
use otel_contract_definition::names::{alternatives, nearest, quoted, similar_keys, spelled};
use otel_contract_definition::{
    AttributeDefinition, Definition, GroupDefinition, Index, IndexedAttribute,
};
use quote::ToTokens;

/// Required attributes that are not set at entry.
pub(crate) fn missing(
    definition: &Definition,
    path: impl ToTokens,
    missing: &[&AttributeDefinition],
) -> Diagnostic {
    let mut diagnostic = Diagnostic::of_definition(
        definition,
        path,
        format!(
            "missing required {} of operation `{}`",
            attributes(missing),
            definition.name
        ),
    )
    .help(format!("add `{}`", assignments(missing)));
    let sets_a_missing_one = |group: &&GroupDefinition| {
        let mut set = group
            .required
            .iter()
            .map(|index| &definition.attributes[*index]);
        set.any(|attribute| missing.iter().any(|one| one.key == attribute.key))
    };
    for group in definition.groups.iter().filter(sets_a_missing_one) {
        let name = &group.name;
        diagnostic = diagnostic.help(format!(
            "or set the attributes of group `{name}` together with `..{name} = &…`, where `…` is a struct that derives `Attributes`"
        ));
    }
    diagnostic
}

/// Attributes with the level `on_success` that `ok(…)` does not set. `set_by_body`: a call in the body that sets
/// an attribute of `missing`, as `op.order_id(…)`.
pub(crate) fn missing_on_success(
    definition: &Definition,
    path: impl ToTokens,
    missing: &[&AttributeDefinition],
    set_by_body: Option<String>,
) -> Diagnostic {
    let diagnostic = Diagnostic::of_definition(
        definition,
        path,
        format!(
            "missing {} of operation `{}`, required on success",
            attributes(missing),
            definition.name
        ),
    )
    .help(format!("add `ok(|value| {})`", assignments(missing)));
    match set_by_body {
        Some(call) => diagnostic.help(format!(
            "or, to set the attribute in the body with `{call}`, give it the level `recommended` in the contract"
        )),
        None => diagnostic,
    }
}

/// ``attributes `order.id` and `account.id` ``
fn attributes(missing: &[&AttributeDefinition]) -> String {
    let keys = quoted(missing.iter().map(|attribute| attribute.key.as_str()));
    let noun = if missing.len() == 1 {
        "attribute"
    } else {
        "attributes"
    };
    format!("{noun} {keys}")
}

/// `order.id = …, account.id = …`
fn assignments(missing: &[&AttributeDefinition]) -> String {
    let assignments: Vec<String> = missing
        .iter()
        .map(|attribute| format!("{} = …", spelled(&attribute.key)))
        .collect();
    assignments.join(", ")
}

/// Reports a key that the operation does not have. With the index of the whole contract, attributes of other entries
/// can be suggested.
pub(crate) fn unknown(
    definition: &Definition,
    tokens: impl ToTokens,
    key: &str,
    index: Option<&Index>,
    may_be_option: bool,
) -> Diagnostic {
    let operation = &definition.name;
    if let Some((_, location)) = definition.secrets.iter().find(|(secret, _)| secret == key) {
        return secret(tokens, key).note(&definition.contract, location);
    }
    if let Some(declared) = index.and_then(|index| declared(index, key)) {
        return Diagnostic::at(
            tokens,
            format!("`{key}` is not an attribute of operation `{operation}`"),
        )
        .help(format!(
            "add `{key}` to the attributes of `{operation}` in the contract, or remove it here"
        ))
        .note(&definition.contract, &declared.at);
    }
    let message = if may_be_option {
        format!("`{key}` is neither an option nor an attribute of operation `{operation}`")
    } else {
        format!("`{key}` is not an attribute of operation `{operation}`")
    };
    let diagnostic = Diagnostic::at(tokens, message);
    let options = if may_be_option {
        OPTIONS.as_slice()
    } else {
        &[]
    };
    match suggestion(definition, key, index, options) {
        Some(Suggestion { help, location }) => {
            diagnostic.help(help).note(&definition.contract, location)
        }
        None => diagnostic
            .help(available(definition, key))
            .note(&definition.contract, &definition.at),
    }
}

fn declared<'a>(index: &'a Index, key: &str) -> Option<&'a IndexedAttribute> {
    index
        .attributes
        .iter()
        .find(|attribute| attribute.key == key)
}

pub(super) fn secret(tokens: impl ToTokens, key: &str) -> Diagnostic {
    Diagnostic::at(tokens, format!("`{key}` is secret and never recorded"))
        .help("remove it: no attribute may contain this value")
}

/// A name that the user may have meant, and its line in the contract.
struct Suggestion<'a> {
    help: String,
    location: &'a str,
}

/// Returns the attribute or option that the user probably meant by an unknown key. Attributes that list the key in
/// `instead_of` come first, then similar names. In both cases, attributes of the operation come before attributes of
/// the contract.
fn suggestion<'a>(
    definition: &'a Definition,
    key: &str,
    index: Option<&'a Index>,
    options: &[&str],
) -> Option<Suggestion<'a>> {
    let operation = &definition.name;
    let own = &definition.attributes;
    let all = index.map_or(&[][..], |index| &index.attributes);
    let replaces = |instead_of: &[String]| instead_of.iter().any(|old| old == key);
    if let Some(attribute) = own.iter().find(|own| replaces(&own.instead_of)) {
        return Some(Suggestion {
            help: format!("the contract's name for it is `{}`", attribute.key),
            location: &attribute.at,
        });
    }
    if let Some(attribute) = all.iter().find(|other| replaces(&other.instead_of)) {
        return Some(Suggestion {
            help: format!(
                "the contract's name for it is `{}`; add that to the attributes of `{operation}` in the contract",
                attribute.key
            ),
            location: &attribute.at,
        });
    }
    let own_keys = own.iter().map(|attribute| attribute.key.as_str());
    let near = match nearest(key, own_keys.clone().chain(options.iter().copied())) {
        Some(near) => vec![near],
        None => similar_keys(key, own_keys),
    };
    if let Some(first) = near.first() {
        let attribute = own.iter().find(|attribute| attribute.key == *first);
        return Some(Suggestion {
            help: format!("did you mean {}?", alternatives(near.iter().copied())),
            location: attribute.map_or(&definition.at, |attribute| &attribute.at),
        });
    }
    let public = all.iter().filter(|attribute| !attribute.secret);
    let near = similar_keys(key, public.map(|attribute| attribute.key.as_str()));
    (!near.is_empty()).then(|| Suggestion {
        help: format!(
            "did you mean {}? Add it to the attributes of `{operation}` in the contract",
            alternatives(near)
        ),
        location: &definition.at,
    })
}

/// Lists the attributes of an operation, for an unknown key without a similar attribute.
fn available(definition: &Definition, key: &str) -> String {
    let operation = &definition.name;
    if definition.attributes.is_empty() {
        return format!("`{operation}` has no attributes; declare `{key}` in the contract first");
    }
    let keys = definition.attributes.iter().map(|own| own.key.as_str());
    format!(
        "its attributes are {}; declare others in the contract first",
        quoted(keys)
    )
}

pub(crate) fn unknown_group(
    definition: &Definition,
    tokens: impl ToTokens,
    name: &str,
) -> Diagnostic {
    let operation = &definition.name;
    let groups: Vec<&str> = definition
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    let diagnostic = Diagnostic::of_definition(
        definition,
        tokens,
        format!("`{name}` is not a group of operation `{operation}`"),
    );
    match (nearest(name, groups.iter().copied()), groups.as_slice()) {
        (Some(near), _) => diagnostic.help(format!("did you mean `..{near}`?")),
        (None, []) => diagnostic.help(format!(
            "`{operation}` has no groups; `..{operation} = &…` sets all its attributes from one struct that derives `Attributes`"
        )),
        (None, _) => diagnostic.help(format!("its groups are {}", quoted(groups))),
    }
}

pub(crate) fn duplicate(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!("duplicate attribute `{}`", attribute.key),
    )
    .help("remove one of them: each key is recorded once")
}

/// An attribute with the level `on_success` that is set at entry.
pub(crate) fn only_on_success(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    let key = &attribute.key;
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!("`{key}` can be set only on success"),
    )
    .help(format!(
        "set it at the end: `ok(|value| {} = …)`",
        spelled(key)
    ))
}

/// An attribute that the sampler reads and `ok(…)` sets.
pub(crate) fn after_sampling(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!(
            "the sampler reads `{}`, so it cannot be set in `ok(…)`",
            attribute.key
        ),
    )
    .help("set it at entry, outside `ok(…)`")
}
