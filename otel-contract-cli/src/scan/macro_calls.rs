//! Searches the arguments of macro calls that cannot be parsed as expressions.

use super::Site;
use super::fields;
use super::rules::{KEY_VALUE, SPAN_FIELD};
use super::tokens::{split, text};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Finds `KeyValue::new(…)` and span macros in tokens that cannot be parsed as expressions.
pub(super) fn sites(tokens: TokenStream, is_key_value: &dyn Fn(&str) -> bool) -> Vec<Site> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut sites = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if is_key_value(&word)
                    && let Some(arguments) = called_new(&tokens[at + 1..])
                {
                    let key = split(arguments).into_iter().next();
                    let key = key.and_then(|key| match key.as_slice() {
                        [TokenTree::Literal(literal)] => text(literal),
                        _ => None,
                    });
                    sites.push(Site::new(&KEY_VALUE, key, "a `KeyValue`", token.span()));
                }
                if fields::SPANS.contains(&word.as_str())
                    && let Some(TokenTree::Punct(bang)) = tokens.get(at + 1)
                    && bang.as_char() == '!'
                    && let Some(TokenTree::Group(group)) = tokens.get(at + 2)
                {
                    sites.extend(fields::of_span(&word, group.stream(), &SPAN_FIELD));
                }
            }
            TokenTree::Group(group) => sites.extend(self::sites(group.stream(), is_key_value)),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    sites
}

/// Returns the arguments of a leading `::new(…)`.
fn called_new(rest: &[TokenTree]) -> Option<TokenStream> {
    let [
        TokenTree::Punct(first),
        TokenTree::Punct(second),
        TokenTree::Ident(new),
        TokenTree::Group(group),
        ..,
    ] = rest
    else {
        return None;
    };
    let called = first.as_char() == ':' && second.as_char() == ':' && new == "new";
    (called && group.delimiter() == Delimiter::Parenthesis).then(|| group.stream())
}
