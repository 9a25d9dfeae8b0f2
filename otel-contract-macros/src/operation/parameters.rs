//! The parameters of a function, read from its tokens.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// One parameter of a function.
pub(super) struct Parameter {
    /// The name. `None` for a receiver, for a pattern that destructures the argument, and for `_`.
    pub(super) name: Option<Ident>,
    /// Whether the name has a `mut`.
    pub(super) mutable: bool,
    pub(super) pattern: TokenStream,
    /// The type with the colon before it.
    ty: Vec<TokenTree>,
    /// Attributes of the parameter.
    outer: Vec<TokenTree>,
    pub(super) is_receiver: bool,
    pub(super) kind: Kind,
}

/// How an argument is dropped, by the type of its parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Dropping the argument may run code.
    Owned,
    /// A mutable reference. A `move` closure would consume it.
    Unique,
    /// A shared reference or a plain value.
    Plain,
}

/// Reads the tokens between the parentheses of a signature. Returns `None` if the tokens need a parser.
pub(super) fn read(tokens: TokenStream) -> Option<Vec<Parameter>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    split(&tokens)
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(read_parameter)
        .collect()
}

/// Splits at commas outside of angle brackets.
fn split(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (index, token) in tokens.iter().enumerate() {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') && !is_arrow(tokens, index) {
            depth = depth.saturating_sub(1);
        } else if is_punct(token, ',') && depth == 0 {
            parts.push(&tokens[start..index]);
            start = index + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts
}

/// Whether the `>` at this index ends a `->`.
fn is_arrow(tokens: &[TokenTree], index: usize) -> bool {
    let before = index.checked_sub(1).map(|before| &tokens[before]);
    matches!(before, Some(TokenTree::Punct(minus)) if minus.as_char() == '-' && minus.spacing() == Spacing::Joint)
}

pub(super) fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

pub(super) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn read_parameter(part: &[TokenTree]) -> Option<Parameter> {
    let (outer, declaration) = split_attributes(part);
    let colon = single_colon(declaration);
    let (pattern, ty_with_colon) = declaration.split_at(colon.unwrap_or(declaration.len()));
    let mut parameter = Parameter {
        name: None,
        mutable: false,
        pattern: pattern.iter().cloned().collect(),
        ty: ty_with_colon.to_vec(),
        outer: outer.to_vec(),
        is_receiver: false,
        kind: Kind::Owned,
    };
    let ty = ty_with_colon.get(1..).unwrap_or_default();
    match pattern {
        [TokenTree::Ident(name)] if name == "self" => parameter.is_receiver = true,
        [first, TokenTree::Ident(name)] if is_word(first, "mut") && name == "self" => {
            parameter.is_receiver = true;
        }
        [first, .., last] if is_punct(first, '&') && is_word(last, "self") => {
            parameter.is_receiver = true;
            let is_unique = pattern.iter().any(|token| is_word(token, "mut"));
            parameter.kind = if is_unique { Kind::Unique } else { Kind::Plain };
        }
        [TokenTree::Ident(name)] if name != "_" => parameter.name = Some(name.clone()),
        [first, TokenTree::Ident(name)] if is_word(first, "mut") => {
            parameter.name = Some(name.clone());
            parameter.mutable = true;
        }
        _ => {}
    }
    if colon.is_none() {
        // Only a receiver has no type.
        return parameter.is_receiver.then_some(parameter);
    }
    parameter.kind = match ty {
        ty if is_unique(ty) => Kind::Unique,
        ty if has_drop(ty) => Kind::Owned,
        _ => Kind::Plain,
    };
    Some(parameter)
}

/// Splits off the attributes before a parameter.
fn split_attributes(part: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let mut end = 0;
    while let [sign, TokenTree::Group(_), ..] = &part[end..]
        && is_punct(sign, '#')
    {
        end += 2;
    }
    part.split_at(end)
}

/// Returns the index of the colon between pattern and type, and skips the colons of paths.
fn single_colon(part: &[TokenTree]) -> Option<usize> {
    let mut index = 0;
    while index < part.len() {
        if let TokenTree::Punct(colon) = &part[index]
            && colon.as_char() == ':'
        {
            if colon.spacing() == Spacing::Alone {
                return Some(index);
            }
            index += 1;
        }
        index += 1;
    }
    None
}

/// Whether dropping a value of the type may run code. Returns false for references, raw pointers and plain values.
fn has_drop(ty: &[TokenTree]) -> bool {
    const PLAIN: [&str; 17] = [
        "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
        "i128", "isize", "f32", "f64", "str",
    ];
    match ty {
        [first, ..] if is_punct(first, '&') || is_punct(first, '*') => false,
        [TokenTree::Ident(name)] => !PLAIN.iter().any(|plain| name == plain),
        _ => true,
    }
}

/// `&mut T`, or `Pin<&mut T>`.
fn is_unique(ty: &[TokenTree]) -> bool {
    let is_reference = |ty: &[TokenTree]| match ty {
        [first, rest @ ..] if is_punct(first, '&') => {
            let lifetime = rest.first().is_some_and(|token| is_punct(token, '\''));
            rest.get(if lifetime { 2 } else { 0 })
                .is_some_and(|token| is_word(token, "mut"))
        }
        _ => false,
    };
    let inner = ty.iter().position(|token| is_punct(token, '<'));
    is_reference(ty)
        || inner.is_some_and(|inner| {
            inner > 0 && is_word(&ty[inner - 1], "Pin") && is_reference(&ty[inner + 1..])
        })
}

impl Parameter {
    /// Returns the variable of a named parameter or receiver.
    pub(super) fn variable(&self) -> Ident {
        match &self.name {
            Some(name) => name.clone(),
            None => Ident::new("self", receiver_span(&self.pattern)),
        }
    }

    pub(super) fn as_written(&self) -> TokenStream {
        let Self {
            outer, pattern, ty, ..
        } = self;
        quote! { #(#outer)* #pattern #(#ty)* }
    }

    /// Returns the parameter with a plain name instead of its pattern.
    pub(super) fn renamed(&self, name: &Ident) -> TokenStream {
        let Self { outer, ty, .. } = self;
        quote! { #(#outer)* #name #(#ty)* }
    }
}

fn receiver_span(pattern: &TokenStream) -> Span {
    let last = pattern.clone().into_iter().last();
    last.map_or_else(Span::call_site, |token| token.span())
}

/// Returns the index of the parameter list among the tokens of a signature: the first parentheses after the name and its
/// generics.
fn position(head: &[TokenTree]) -> Option<usize> {
    let name = head.iter().position(|token| is_word(token, "fn"))? + 1;
    let mut depth = 0_u32;
    for (index, token) in head.iter().enumerate().skip(name + 1) {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') && !is_arrow(head, index) {
            depth = depth.saturating_sub(1);
        } else if let TokenTree::Group(group) = token
            && depth == 0
            && group.delimiter() == Delimiter::Parenthesis
        {
            return Some(index);
        }
    }
    None
}

/// Returns the tokens of a signature with other parameters.
pub(super) fn replace(head: &[TokenTree], parameters: TokenStream) -> TokenStream {
    let Some(index) = position(head) else {
        return head.iter().cloned().collect();
    };
    let mut replaced = head.to_vec();
    let mut group = Group::new(Delimiter::Parenthesis, parameters);
    group.set_span(head[index].span());
    replaced[index] = TokenTree::Group(group);
    replaced.into_iter().collect()
}
