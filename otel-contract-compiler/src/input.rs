//! The input of `contract!`, read without a parser for Rust.

use crate::messages;
use proc_macro2::{Span, TokenStream, TokenTree};

/// The input of the macro: `$crate "schema/billing.yaml"`.
pub(crate) struct Input {
    /// The `$crate` of `otel_contract`, which resolves in any crate.
    pub(crate) krate: TokenTree,
    pub(crate) path: String,
    pub(crate) span: Span,
}

impl Input {
    /// Reads the input. Returns `Err` with the span and the message if the input is invalid.
    pub(crate) fn read(input: TokenStream) -> Result<Self, (Span, String)> {
        let mut tokens = input.into_iter();
        let (Some(mut krate), Some(mut path)) = (tokens.next(), tokens.next()) else {
            return Err((Span::call_site(), messages::no_path()));
        };
        // A literal that a macro passed on is inside a group without delimiters.
        while let TokenTree::Group(group) = &path {
            let Some(inner) = group.stream().into_iter().next() else {
                return Err((group.span(), messages::no_path()));
            };
            path = inner;
        }
        let span = path.span();
        let literal = path.to_string();
        if !literal.starts_with(['"', 'r']) {
            return Err((span, messages::no_path()));
        }
        let path = unquoted(&literal).ok_or_else(|| (span, messages::escape_in_path()))?;
        krate.set_span(krate.span().located_at(span));
        Ok(Self { krate, path, span })
    }
}

/// Returns the text of a plain or raw string literal. Returns `None` if the literal contains an unsupported escape.
fn unquoted(literal: &str) -> Option<String> {
    let quoted = |text: &str| text.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    if let Some(raw) = literal.strip_prefix('r') {
        return quoted(raw.trim_matches('#'));
    }
    let mut text = String::new();
    let inner = quoted(literal)?;
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => {
                let escaped = characters.next();
                escaped.filter(|escaped| matches!(escaped, '\\' | '"' | '\''))?
            }
            plain => plain,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn paths_can_be_plain_and_raw_strings() {
        for (literal, path) in [
            (r#""a/b.yaml""#, Some("a/b.yaml")),
            (r#""a\\b.yaml""#, Some(r"a\b.yaml")),
            (r#""it's \"it\".yaml""#, Some(r#"it's "it".yaml"#)),
            (r#"r"a\b.yaml""#, Some(r"a\b.yaml")),
            (r###"r##"a"#b"##"###, Some(r##"a"#b"##)),
            (r##"r#"#a"#"##, Some("#a")),
            (r#""\u{62}.yaml""#, None),
            (r#""a\n""#, None),
        ] {
            assert_eq!(unquoted(literal).as_deref(), path, "{literal}");
        }
    }
}
