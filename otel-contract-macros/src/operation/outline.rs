//! What the first stage needs to know of a signature: little enough to be read off its tokens, mostly.

use super::parameters::{self, Block, Parameter};
use super::signature::mentions;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Ident, ReturnType, Signature};

/// What the second stage is told of a signature.
pub(super) struct Outline {
    pub(super) is_async: bool,
    /// As written; nothing where it returns nothing.
    pub(super) returned: TokenStream,
    /// Its type parameters.
    pub(super) generics: Vec<Ident>,
    /// Empty where they cannot be read.
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

    /// What will be around the body.
    pub(super) fn block(&self) -> Block {
        if self.is_async {
            Block::Async
        } else if self.returns_closure() {
            Block::InPlace
        } else {
            Block::Closure
        }
    }

    /// `impl Fn(…) -> …`, or a tuple with one: a body that stays where it is.
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

    /// Reads `pub async fn name(…) -> …` off its tokens: most functions are no more than that, and every annotated
    /// one is expanded on every build. `None`: it has to be parsed.
    pub(super) fn read(head: &[TokenTree]) -> Option<Self> {
        let mut is_async = false;
        let mut tokens = head.iter();
        loop {
            match tokens.next()? {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    let TokenTree::Group(attribute) = tokens.next()? else {
                        return None;
                    };
                    if mentions(attribute.stream(), "track_caller") {
                        return None;
                    }
                }
                TokenTree::Ident(word) if word == "pub" => {
                    if let Some(TokenTree::Group(_)) = tokens.as_slice().first() {
                        tokens.next();
                    }
                }
                TokenTree::Ident(word) if word == "async" => is_async = true,
                TokenTree::Ident(word) if word == "fn" => break,
                _ => return None,
            }
        }
        let (TokenTree::Ident(_), TokenTree::Group(group)) = (tokens.next()?, tokens.next()?)
        else {
            return None;
        };
        let returned = match tokens.as_slice() {
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
        if group.delimiter() != Delimiter::Parenthesis || returned.iter().any(is_where) {
            return None;
        }
        Some(Self {
            is_async,
            returned: returned.iter().cloned().collect(),
            generics: Vec::new(),
            parameters: parameters::read(group.stream())?,
        })
    }
}
