//! Errors of `#[derive(Attributes)]`.

use super::{Diagnostic, syntax_error};
use otel_contract_definition::Definition;
use otel_contract_definition::names::{alternatives, quoted, similar_keys, spelled};
use proc_macro2::Ident;
use quote::ToTokens;

pub(crate) fn attributes_of_enum(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(token, "`Attributes` cannot be derived for an enum")
        .help("derive `AttributeValue` for an enum that is the value of one attribute")
}

pub(crate) fn attributes_of_union(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(token, "`Attributes` cannot be derived for a union")
}

/// `#[attributes(…)]` on a field.
pub(crate) fn attributes_on_field(attribute: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        attribute,
        "`#[attributes(…)]` belongs on the struct, not on a field",
    )
    .help("write `#[attribute(…)]`")
}

pub(crate) fn unknown_field_key(
    definition: &Definition,
    tokens: impl ToTokens,
    key: &str,
) -> Diagnostic {
    if let Some((_, location)) = definition.secrets.iter().find(|(secret, _)| secret == key) {
        return Diagnostic::at(tokens, format!("`{key}` is secret and never recorded"))
            .help("remove the field's `#[attribute(…)]`: no attribute may contain this value")
            .note(&definition.contract, location);
    }
    let attributes = definition.attributes.iter();
    let keys: Vec<&str> = attributes.map(|attribute| attribute.key.as_str()).collect();
    let replacement = definition
        .attributes
        .iter()
        .find(|attribute| attribute.instead_of.iter().any(|old| old == key));
    let help = match (replacement, similar_keys(key, keys.iter().copied())) {
        (Some(attribute), _) => format!("the contract's name for it is `{}`", attribute.key),
        (None, near) if near.is_empty() => format!("its attributes are {}", quoted(keys)),
        (None, near) => format!("did you mean {}?", alternatives(near)),
    };
    Diagnostic::of_definition(
        definition,
        tokens,
        format!("`{key}` is not an attribute of `{}`", definition.name),
    )
    .help(help)
}

/// Required attributes that no field sets.
pub(crate) fn missing_fields(
    definition: &Definition,
    name: impl ToTokens,
    missing: &[&str],
) -> Diagnostic {
    let text = name.to_token_stream().to_string();
    let fields: Vec<String> = missing
        .iter()
        .map(|key| format!("`#[attribute({})]`", spelled(key)))
        .collect();
    Diagnostic::of_definition(
        definition,
        name,
        format!(
            "`{text}` has no field for {}, which `{}` requires",
            quoted(missing.iter().copied()),
            definition.name
        ),
    )
    .help(format!("put {} on a field", fields.join(", ")))
}

/// An option of `#[attribute(…)]` that does not exist.
pub(crate) fn unknown_field_option(option: &Ident) -> syn::Error {
    let help = "the options are `saturating`, for an attribute with a `range`, and `capped`, for a bounded attribute";
    syntax_error(option.span(), &format!("unknown option `{option}`"), help)
}

/// `saturating` or `capped` on an attribute of another class.
pub(crate) fn conversion_of_another_class(
    definition: &Definition,
    option: &Ident,
    key: &str,
    is_capped: bool,
) -> Diagnostic {
    let class = if is_capped {
        "is not a bounded string"
    } else {
        "has no `range`"
    };
    Diagnostic::of_definition(
        definition,
        option,
        format!("`{option}` cannot be used on `{key}`, which {class}"),
    )
    .help(format!("remove `{option}`"))
}
