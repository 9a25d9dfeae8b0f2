//! Splits and reads unparsed tokens.

use proc_macro2::{Literal, TokenStream, TokenTree};

/// Maximum nesting of brackets; deeper nesting would overflow the stack of the parser.
pub(super) const MAX_DEPTH: usize = 400;

/// Returns the approximate nesting depth of a text; brackets in strings are counted too.
pub(super) fn deepest(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Splits tokens at commas.
pub(super) fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut arguments = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => arguments.push(Vec::new()),
            _ => {
                if let Some(last) = arguments.last_mut() {
                    last.push(token);
                }
            }
        }
    }
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

/// Returns the text of a string literal.
pub(super) fn text(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
