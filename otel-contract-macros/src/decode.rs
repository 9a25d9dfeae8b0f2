//! Definitions in the string literals that `contract!` generates.

use crate::messages::contract::other_vocabulary_version;
use otel_contract_definition::Wire;
use proc_macro2::Literal;

/// Decodes a definition that `contract!` encoded. Fails if `contract!` has another version.
pub(crate) fn decode<T: Wire>(literal: Literal) -> syn::Result<T> {
    let span = literal.span();
    let source = literal.to_string();
    let text = source
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let decoded = match text {
        // Most literals have no escapes, so their text needs no unescaping.
        Some(text) if !text.contains('\\') => T::decode(text),
        _ => match syn::Lit::new(literal) {
            syn::Lit::Str(text) => T::decode(&text.value()),
            _ => None,
        },
    };
    decoded.ok_or_else(|| other_vocabulary_version(span))
}
