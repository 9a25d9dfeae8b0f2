//! Definitions in the string literals that `contract!` generates.

use crate::messages::contract::other_vocabulary_version;
use otel_contract_definition::Wire;
use proc_macro2::Literal;

/// Decodes what `contract!` encoded; fails if another version of `contract!` did.
pub(crate) fn decode<T: Wire>(literal: Literal) -> syn::Result<T> {
    let span = literal.span();
    let source = literal.to_string();
    let text = source
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let decoded = match text {
        // Most literals have no escapes and are decoded as they are.
        Some(text) if !text.contains('\\') => T::decode(text),
        _ => match syn::Lit::new(literal) {
            syn::Lit::Str(text) => T::decode(&text.value()),
            _ => None,
        },
    };
    decoded.ok_or_else(|| other_vocabulary_version(span))
}
