//! Keys of attributes and their values, as written.

use crate::messages::arguments as messages;
use otel_contract_definition::names::spelled;
use proc_macro2::{Ident, Punct, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr, Token};

/// `order.id = order_id`, or `order.id` for the same.
pub(crate) struct Pair {
    pub(crate) key: Key,
    /// `None` for the shorthand.
    pub(crate) value: Option<Expr>,
    /// `%` or `?` of the macros of `tracing` before the value, which is reported.
    pub(crate) sigil: Option<Punct>,
}

/// A key as the contract writes it.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) tokens: TokenStream,
    pub(crate) is_literal: bool,
}

impl Key {
    /// The span of the first token.
    pub(crate) fn span(&self) -> Span {
        let first = self.tokens.clone().into_iter().next();
        first.map_or_else(Span::call_site, |token| token.span())
    }

    /// Whether the key may be meant as an option: one bare word.
    pub(crate) fn is_word(&self) -> bool {
        !self.is_literal && !self.text.contains('.')
    }

    /// The key as one word.
    pub(crate) fn word(&self) -> Option<Ident> {
        match self.tokens.clone().into_iter().next() {
            Some(TokenTree::Ident(word)) if self.is_word() => Some(word),
            _ => None,
        }
    }

    /// The variable that the shorthand records: `order_id`, spanned at the key. `None`: no variable can have this name.
    pub(crate) fn variable(&self) -> Option<Ident> {
        let name = self.text.replace('.', "_");
        let span = self
            .tokens
            .clone()
            .into_iter()
            .last()
            .map_or_else(Span::call_site, |token| token.span());
        match syn::parse_str::<Ident>(&name) {
            Ok(mut ident) => {
                ident.set_span(span);
                Some(ident)
            }
            Err(_) if ["self", "Self", "super", "crate", "_"].contains(&name.as_str()) => None,
            Err(_) => syn::parse_str::<Ident>(&format!("r#{name}"))
                .ok()
                .map(|_| Ident::new_raw(&name, span)),
        }
    }
}

impl Pair {
    /// The attribute as text, without the sigil.
    pub(crate) fn without_sigil(&self) -> String {
        let key = spelled(&self.key.text);
        match &self.value {
            Some(value) => format!("{key} = {}", value.to_token_stream()),
            None => key,
        }
    }
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Ok(Self {
                text: literal.value(),
                tokens: literal.to_token_stream(),
                is_literal: true,
            });
        }
        // Keywords are allowed in keys: `job.type`.
        let word = |input: ParseStream<'_>| {
            Ident::parse_any(input).map_err(|error| messages::not_a_key(error.span()))
        };
        let first = word(input)?;
        let mut text = first.unraw().to_string();
        let mut tokens = first.to_token_stream();
        while input.peek(Token![.]) && !input.peek(Token![..]) {
            input.parse::<Token![.]>()?.to_tokens(&mut tokens);
            let part = word(input)?;
            text.push('.');
            text.push_str(&part.unraw().to_string());
            part.to_tokens(&mut tokens);
        }
        if input.peek(Token![-]) {
            return Err(messages::key_with_hyphen(input.span(), &text));
        }
        Ok(Self {
            text,
            tokens,
            is_literal: false,
        })
    }
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let before_key = sigil(input)?;
        let key = input.parse()?;
        if !input.peek(Token![=]) {
            return Ok(Self {
                key,
                value: None,
                sigil: before_key,
            });
        }
        let equals = input.parse::<Token![=]>()?;
        let before_value = sigil(input)?;
        Ok(Self {
            key,
            value: Some(value(input, &equals)?),
            sigil: before_value.or(before_key),
        })
    }
}

/// Reads the `%` or `?` that the macros of `tracing` accept before a value.
pub(super) fn sigil(input: ParseStream<'_>) -> syn::Result<Option<Punct>> {
    if input.peek(Token![%]) || input.peek(Token![?]) {
        input.parse().map(Some)
    } else {
        Ok(None)
    }
}

pub(super) fn value(input: ParseStream<'_>, equals: &Token![=]) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(messages::no_value(equals.span));
    }
    // Most values are a variable, which needs no parser for expressions.
    if is_last_word(input) && input.peek(syn::Ident) {
        return Ok(name(input.call(Ident::parse_any)?));
    }
    input.parse()
}

/// Whether one word is left before the next comma or the end.
fn is_last_word(input: ParseStream<'_>) -> bool {
    let Some((_, rest)) = input.cursor().ident() else {
        return false;
    };
    rest.eof() || matches!(rest.punct(), Some((sign, _)) if sign.as_char() == ',')
}

/// The variable that a shorthand records, as an expression.
pub(crate) fn variable(key: &Key) -> Option<Expr> {
    key.variable().map(name)
}

fn name(name: Ident) -> Expr {
    Expr::Path(syn::ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: name.into(),
    })
}
