//! The annotated function, parsed except for its body.

use crate::messages::functions as messages;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Signature, Token, Visibility};

use super::signature::mentions;

/// A function with an unparsed body.
pub(super) struct Function {
    /// Everything before the body, as it was written.
    pub(super) head: TokenStream,
    pub(super) outer: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) defaultness: Option<Token![default]>,
    pub(super) signature: Signature,
    /// Attributes at the start of the body.
    pub(super) inner: Vec<Attribute>,
    pub(super) body: Group,
}

impl Function {
    /// Parses everything except the body, which may be long.
    pub(super) fn read(item: TokenStream) -> syn::Result<Self> {
        let (head, body) = split_body(item);
        let body = body.unwrap_or_else(|| braced(TokenStream::new(), Span::call_site()));
        let parser = |input: ParseStream<'_>| {
            let outer = input.call(Attribute::parse_outer)?;
            let visibility = input.parse()?;
            let defaultness = input.parse()?;
            let signature: Signature = input.parse()?;
            let rest: TokenStream = input.parse()?;
            Ok((outer, visibility, defaultness, signature, rest))
        };
        let head: TokenStream = head.into_iter().collect();
        let (outer, visibility, defaultness, signature, rest) = parser.parse2(head.clone())?;
        if !rest.is_empty() {
            return Err(messages::without_body(&signature.ident));
        }
        let (inner, body) = split_inner_attributes(body)?;
        Ok(Self {
            head,
            outer,
            visibility,
            defaultness,
            signature,
            inner,
            body,
        })
    }

    pub(super) fn track_caller(&self) -> Option<&Attribute> {
        self.outer
            .iter()
            .find(|attribute| attribute.path().is_ident("track_caller"))
    }

    /// Whether the function is valid only inside an `impl` or `trait`.
    pub(super) fn needs_impl(&self) -> bool {
        let has_receiver = self
            .signature
            .inputs
            .iter()
            .any(|input| matches!(input, syn::FnArg::Receiver(_)));
        has_receiver
            || mentions_self(self.signature.to_token_stream())
            || mentions_self(self.body.stream())
    }
}

/// Splits an item into the tokens before its body, and the body if there is one.
pub(super) fn split_body(item: TokenStream) -> (Vec<TokenTree>, Option<Group>) {
    let mut head: Vec<TokenTree> = item.into_iter().collect();
    let body = head.last().and_then(block);
    if body.is_some() {
        head.pop();
    }
    (head, body)
}

/// Returns a block. A block that a macro passed on as `$body:block` is inside another group.
fn block(token: &TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    match group.delimiter() {
        Delimiter::Brace => Some(group.clone()),
        Delimiter::None => {
            let mut inner = group.stream().into_iter();
            block(&inner.next()?).filter(|_| inner.next().is_none())
        }
        Delimiter::Parenthesis | Delimiter::Bracket => None,
    }
}

/// Creates a block with the span of the user's braces. The span determines which lints and which edition apply.
pub(super) fn braced(content: TokenStream, span: Span) -> Group {
    let mut block = Group::new(Delimiter::Brace, content);
    block.set_span(span);
    block
}

/// Returns the user's block. A `match` around a single expression avoids the lint about needless braces.
pub(super) fn user_block(content: &TokenStream, span: Span) -> TokenStream {
    let block = braced(content.clone(), span);
    if has_statements(content) {
        quote! { #block }
    } else {
        quote_spanned! {Span::mixed_site()=> match () { () => #block } }
    }
}

/// Whether the tokens contain more than one expression.
pub(super) fn has_statements(content: &TokenStream) -> bool {
    let ends_statement =
        |token: TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
    content.clone().into_iter().any(ends_statement)
}

/// Splits a body into the attributes at its start, and the rest.
pub(super) fn split_inner_attributes(body: Group) -> syn::Result<(Vec<Attribute>, Group)> {
    let mut start = body.stream().into_iter();
    let mut next_is =
        |sign| matches!(start.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    if !(next_is('#') && next_is('!')) {
        return Ok((Vec::new(), body));
    }
    let parser = |input: ParseStream<'_>| {
        let inner = input.call(Attribute::parse_inner)?;
        let rest: TokenStream = input.parse()?;
        Ok((inner, rest))
    };
    let (inner, rest) = parser.parse2(body.stream())?;
    Ok((inner, braced(rest, body.span())))
}

fn mentions_self(tokens: TokenStream) -> bool {
    mentions(tokens.clone(), "Self") || mentions(tokens, "self")
}
