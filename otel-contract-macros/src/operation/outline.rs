//! The parts of a signature that the first stage needs. For most functions they are read from the tokens without a
//! parser.

use super::parameters::{self, Parameter};
use super::passing::Block;
use super::signature::mentions;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Ident, ReturnType, Signature};

pub(super) struct Outline {
    pub(super) is_async: bool,
    /// The return type as written; empty if the function returns nothing.
    pub(super) returned: TokenStream,
    /// Type parameters of the function.
    pub(super) generics: Vec<Ident>,
    /// Empty if the parameters cannot be read.
    pub(super) parameters: Vec<Parameter>,
}

impl Outline {
    pub(super) fn of(signature: &Signature) -> Self {
        let returned = match &signature.output {
            ReturnType::Default => TokenStream::new(),
            ReturnType::Type(_, returned) => returned.to_token_stream(),
        };
        let generics = signature.generics.type_params();
        Self {
            is_async: signature.asyncness.is_some(),
            returned,
            generics: generics.map(|param| param.ident.clone()).collect(),
            parameters: parameters::read(signature.inputs.to_token_stream()).unwrap_or_default(),
        }
    }

    /// Reads `pub async fn name(…) -> …` from its tokens, which is faster than a parser. Every annotated function is
    /// expanded on every build. Returns `None` if the signature needs a parser.
    pub(super) fn read(head: &[TokenTree]) -> Option<Self> {
        let (is_async, after_fn) = read_qualifiers(head)?;
        let [TokenTree::Ident(_), TokenTree::Group(list), after_list @ ..] = after_fn else {
            return None;
        };
        let returned = match after_list {
            [] => &[],
            [
                TokenTree::Punct(minus),
                TokenTree::Punct(greater),
                returned @ ..,
            ] if minus.as_char() == '-' && greater.as_char() == '>' => returned,
            _ => return None,
        };
        let is_where =
            |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "where");
        if list.delimiter() != Delimiter::Parenthesis || returned.iter().any(is_where) {
            return None;
        }
        Some(Self {
            is_async,
            returned: returned.iter().cloned().collect(),
            generics: Vec::new(),
            parameters: parameters::read(list.stream())?,
        })
    }

    pub(super) fn returns_nothing(&self) -> bool {
        let mut tokens = self.returned.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (None, _) => true,
            (Some(TokenTree::Group(unit)), None) => {
                unit.delimiter() == Delimiter::Parenthesis && unit.stream().is_empty()
            }
            _ => false,
        }
    }

    /// Returns the block that will be around the body.
    pub(super) fn block(&self) -> Block {
        if self.is_async {
            Block::Async
        } else if self.returns_closure() {
            Block::InPlace
        } else {
            Block::Closure
        }
    }

    /// Whether the function returns `impl Fn(…) -> …`, or a tuple with such a type. The body of such a
    /// function is not put into a closure.
    fn returns_closure(&self) -> bool {
        fn has_sugar(tokens: &[TokenTree]) -> bool {
            let mut pairs = tokens.windows(2);
            pairs.any(|pair| {
                matches!(pair, [TokenTree::Ident(_), TokenTree::Group(group)]
                    if group.delimiter() == Delimiter::Parenthesis)
            })
        }
        let tokens: Vec<TokenTree> = self.returned.clone().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(word), ..] => word == "impl" && has_sugar(&tokens),
            [TokenTree::Group(tuple)] => {
                let elements: Vec<TokenTree> = tuple.stream().into_iter().collect();
                mentions(tuple.stream(), "impl") && has_sugar(&elements)
            }
            _ => false,
        }
    }
}

/// Reads attributes, `pub` and `async` up to `fn`; returns whether the function is `async`, and the tokens after `fn`.
fn read_qualifiers(head: &[TokenTree]) -> Option<(bool, &[TokenTree])> {
    let mut is_async = false;
    let mut rest = head;
    loop {
        rest = match rest {
            [
                TokenTree::Punct(sign),
                TokenTree::Group(attribute),
                rest @ ..,
            ] if sign.as_char() == '#' && !mentions(attribute.stream(), "track_caller") => rest,
            [TokenTree::Ident(word), TokenTree::Group(_), rest @ ..]
            | [TokenTree::Ident(word), rest @ ..]
                if word == "pub" =>
            {
                rest
            }
            [TokenTree::Ident(word), rest @ ..] if word == "async" => {
                is_async = true;
                rest
            }
            [TokenTree::Ident(word), rest @ ..] if word == "fn" => return Some((is_async, rest)),
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests;
