//! Tokens that several generated items share.

use otel_contract_model::{definitions, text};
use proc_macro2::{Punct, Spacing, TokenStream};

/// Returns tokens of `Some(…)` or `None`.
pub(crate) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote_located! { ::core::option::Option::Some(#value) },
        None => quote_located! { ::core::option::Option::None },
    }
}

/// Returns `#[deprecated]` with the note of the contract, for a deprecated item.
pub(crate) fn deprecated(
    deprecated: Option<&otel_contract_model::Deprecated>,
) -> Option<TokenStream> {
    let note = definitions::deprecation(deprecated?);
    let markdown = text::rustdoc::text(&note);
    if markdown == note {
        return Some(quote_located! { #[deprecated(note = #note)] });
    }
    // rustc prints the note unchanged, but rustdoc reads it as Markdown.
    Some(quote_located! {
        #[cfg_attr(not(doc), deprecated(note = #note))]
        #[cfg_attr(doc, deprecated(note = #markdown))]
    })
}

/// Returns the `$` of a generated `macro_rules!`.
pub(crate) fn dollar() -> Punct {
    Punct::new('$', Spacing::Alone)
}
