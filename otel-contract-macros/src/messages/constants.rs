//! Errors of `constant!`.

use super::Diagnostic;
use super::contract::{Kind, unknown_name};
use super::literals::{allowed_values, with_expected_values};
use otel_contract_definition::{AttributeDefinition, Definition, Index, Values};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

/// The text of the panic if the value of a constant expression is not allowed.
pub(crate) fn not_a_value(
    definition: &Definition,
    attribute: &AttributeDefinition,
    value: impl ToTokens,
) -> String {
    let text = source(value.to_token_stream());
    let diagnostic = Diagnostic::of_attribute(
        definition,
        attribute,
        value,
        format!("`{text}` is not a value of `{}`", attribute.key),
    );
    let diagnostic = match &attribute.values {
        // No suggestion: the text of the value is unknown.
        Values::Strings { values, .. } => {
            let names: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            diagnostic.help(allowed_values(&names))
        }
        _ => with_expected_values(diagnostic, attribute, ""),
    };
    diagnostic.text()
}

/// A type without a value after it.
pub(crate) fn no_value(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!("missing value of `{}`", attribute.key),
    )
    .help(format!("write `constant!({}, …)`", attribute.camel))
}

/// A type with other tokens than a comma after it.
pub(crate) fn no_comma(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!("expected `,` after `{}`", attribute.camel),
    )
    .help(format!("write `constant!({}, …)`", attribute.camel))
}

pub(crate) fn several_values(
    definition: &Definition,
    attribute: &AttributeDefinition,
    tokens: impl ToTokens,
) -> Diagnostic {
    Diagnostic::of_attribute(
        definition,
        attribute,
        tokens,
        format!("`constant!` accepts one value of `{}`", attribute.key),
    )
    .help(format!("write `constant!({}, …)`", attribute.camel))
}

/// A name that is not an attribute, or an attribute for which `constant!` is not supported.
pub(crate) fn unsupported(index: &Index, name: &Ident) -> Diagnostic {
    let text = name.to_string();
    let Some(attribute) = index.attributes.iter().find(|known| known.camel == text) else {
        return unknown_name(index, Kind::AttributeValue, name);
    };
    if attribute.secret {
        return super::attributes::secret(name, &attribute.key)
            .note(&index.contract, &attribute.at);
    }
    Diagnostic::at(
        name,
        format!("`constant!` does not support `{}`", attribute.key),
    )
    .help("pass the value where it is recorded; `constant!` supports closed sets, ranges, integers and booleans")
    .note(&index.contract, &attribute.at)
}

/// Tokens that are not the name of a type.
pub(crate) fn not_a_type(index: &Index, written: TokenStream) -> Diagnostic {
    let text = source(written.clone());
    let last = text.rsplit("::").next().unwrap_or(&text);
    let key = text.trim_matches('"');
    let mut public = index.attributes.iter().filter(|known| !known.secret);
    let similar = public.find(|known| known.camel == last || known.key == key);
    let help = match similar {
        Some(attribute) if text.contains("::") => format!(
            "write the type without its module: `constant!({}, …)`",
            attribute.camel
        ),
        Some(attribute) => format!("write `constant!({}, …)`", attribute.camel),
        None => "write the type first, such as `constant!(RetryAttempt, 2)`".to_owned(),
    };
    Diagnostic::at(
        written,
        "`constant!` expects the type of an attribute and a value",
    )
    .help(help)
    .note(&index.contract, &index.at)
}

/// Returns the text of tokens with the usual spacing.
fn source(tokens: TokenStream) -> String {
    let spaced = tokens.to_string();
    let joined = spaced.replace(" :: ", "::").replace(" . ", ".");
    match joined.strip_prefix("- ") {
        Some(number) => format!("-{number}"),
        None => joined,
    }
}
