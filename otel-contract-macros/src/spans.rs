//! Spans of generated tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Returns the same tokens, located at `span` in messages. Names resolve as before.
pub(crate) fn located_at(tokens: impl ToTokens, span: Span) -> TokenStream {
    locate_all(tokens.into_token_stream(), span)
}

/// Not generic, so that it is compiled only once.
fn locate_all(tokens: TokenStream, span: Span) -> TokenStream {
    let locate = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let mut located = Group::new(group.delimiter(), locate_all(group.stream(), span));
            located.set_span(group.span().located_at(span));
            return TokenTree::Group(located);
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(locate).collect()
}
