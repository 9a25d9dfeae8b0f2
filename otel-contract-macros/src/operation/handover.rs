//! The data that the first stage passes to the second through the contract's macro.
//!
//! Macros pass on only tokens. The writer and the reader of the format are both in this file:
//! `(path) (arguments) (mode) (return type) (type parameters) ((borrows) (kept) { bindings }) { body }`.

use super::passing::Passing;
use super::signature::ReturnType;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The kind of a body, as known in the first stage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The body of an `async fn`.
    Async,
    /// A call that preserves the caller of `#[track_caller]`.
    Direct,
    /// Any other body.
    Any,
}

/// The data as the first stage writes it.
pub(super) struct Output<'a> {
    /// The operation's path, as the user wrote it.
    pub(super) path: &'a [TokenTree],
    /// The arguments after the path.
    pub(super) arguments: &'a TokenStream,
    pub(super) mode: Mode,
    /// Empty if the function returns nothing.
    pub(super) returned: &'a TokenStream,
    /// Type parameters of the function.
    pub(super) generics: &'a [Ident],
    pub(super) passing: &'a Passing,
    pub(super) body: &'a Group,
}

impl ToTokens for Output<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            path,
            arguments,
            returned,
            generics,
            body,
            ..
        } = self;
        let mode = match self.mode {
            Mode::Async => Some(quote! { async }),
            Mode::Direct => Some(quote! { direct }),
            Mode::Any => None,
        };
        let Passing {
            borrows,
            kept,
            bindings,
            ..
        } = self.passing;
        let borrows = borrows.then(|| Ident::new("borrows", Span::call_site()));
        tokens.extend(quote! {
            (#(#path)*) (#arguments) (#mode) (#returned) (#(#generics)*)
            ((#borrows) (#(#kept)*) { #bindings }) #body
        });
    }
}

/// The data as the second stage reads it.
pub(crate) struct Input {
    pub(crate) path: TokenStream,
    pub(crate) arguments: TokenStream,
    pub(crate) mode: Mode,
    pub(crate) returned: ReturnType,
    pub(crate) generics: Vec<Ident>,
    /// Whether the block around the body borrows its arguments.
    pub(crate) borrows: bool,
    /// Arguments that the block owns, the last first.
    pub(crate) kept: Vec<Ident>,
    /// Statements that move other arguments into local variables.
    pub(crate) bindings: TokenStream,
    pub(crate) body: TokenStream,
    /// The span of the braces around the body.
    pub(crate) block: Span,
}

impl Input {
    /// Reads the tokens of an [`Output`]. Does not use syn, because syn would copy every token of the body.
    pub(crate) fn read(mut tokens: impl Iterator<Item = TokenTree>) -> Option<Self> {
        let mut group = || match tokens.next()? {
            TokenTree::Group(group) => Some(group),
            _ => None,
        };
        let path = group()?.stream();
        let arguments = group()?.stream();
        let mode = words(group()?.stream());
        let returned = group()?.stream();
        let generics = words(group()?.stream());
        let mut passing = group()?
            .stream()
            .into_iter()
            .map_while(|token| match token {
                TokenTree::Group(group) => Some(group.stream()),
                _ => None,
            });
        let (borrows, kept, bindings) = (passing.next()?, passing.next()?, passing.next()?);
        let body = group()?;
        let mode = match mode.first() {
            Some(word) if word == "async" => Mode::Async,
            Some(word) if word == "direct" => Mode::Direct,
            _ => Mode::Any,
        };
        Some(Self {
            path,
            arguments,
            mode,
            returned: ReturnType::new(returned),
            generics,
            borrows: !borrows.is_empty(),
            kept: words(kept),
            bindings,
            block: body.span(),
            body: body.stream(),
        })
    }

    /// Returns the original body, for a function that cannot be instrumented.
    pub(super) fn unchanged_body(&self) -> TokenStream {
        let Self { bindings, body, .. } = self;
        quote! { #bindings #body }
    }
}

fn words(tokens: TokenStream) -> Vec<Ident> {
    let words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    words.collect()
}
