//! The call of the contract's macro, which is the output of the first stage.

use super::handover::{Mode, Output};
use super::outline::Outline;
use super::passing::Passing;
use crate::dispatch::dispatch;
use crate::messages::functions as messages;
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::Ident;
use syn::parse::{Parse, ParseStream};

/// The arguments of the attribute as the first stage splits them: the path of the operation, and the rest.
pub(super) struct Arguments {
    /// The path of the operation.
    path: Vec<TokenTree>,
    /// The last part of the path.
    last: Ident,
    pub(super) rest: TokenStream,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(messages::no_operation());
        }
        let path = syn::Path::parse_mod_style(input)
            .map_err(|error| messages::operation_path(error.span()))?;
        let is_lowercase = |word: &&Ident| word.to_string().starts_with(char::is_lowercase);
        if let Some(word) = path.get_ident().filter(is_lowercase) {
            return Err(messages::attribute_first(word));
        }
        let Some(last) = path.segments.last() else {
            return Err(messages::operation_path(input.span()));
        };
        Ok(Self {
            last: last.ident.clone(),
            path: path.to_token_stream().into_iter().collect(),
            rest: input.parse()?,
        })
    }
}

impl Arguments {
    /// The path of the operation as text.
    pub(super) fn path(&self) -> String {
        let path: TokenStream = self.path.iter().cloned().collect();
        path.to_string().replace(' ', "")
    }

    /// The same arguments with a handle.
    pub(super) fn with_handle(&self, handle: &Ident) -> Self {
        let rest = &self.rest;
        Self {
            path: self.path.clone(),
            last: self.last.clone(),
            rest: quote! { as #handle #rest },
        }
    }
}

/// Returns the call of the contract's macro, which calls the second stage.
pub(super) fn call_second_stage(
    arguments: &Arguments,
    outline: &Outline,
    mode: Mode,
    passing: &Passing,
    body: &Group,
) -> TokenStream {
    let Arguments { path, last, rest } = arguments;
    let output = Output {
        path,
        arguments: rest,
        mode,
        returned: &outline.returned,
        generics: &outline.generics,
        passing,
        body,
    };
    match path.as_slice() {
        // The operation is imported by name, which also imports the macro with the same name.
        [_] => quote! { #last! { #output } },
        // `crate`, `self` and `super` cannot be a contract, so the path is a re-export of the operation, and of
        // the macro with the same name.
        [prefix @ .., _] if !names_contract(prefix) => quote! { #(#path)* ! { #output } },
        [prefix @ .., _] => {
            let dispatch = dispatch(last.span());
            quote! { #(#prefix)* #dispatch! { operation #last #output } }
        }
        [] => TokenStream::new(),
    }
}

/// Whether the tokens before the last part of a path may be the path of a contract. `crate`, `self` and `super` alone
/// are modules that re-export an operation.
pub(super) fn names_contract(prefix: &[TokenTree]) -> bool {
    prefix.iter().any(|token| match token {
        TokenTree::Ident(word) => !["crate", "self", "super"].iter().any(|name| word == name),
        _ => false,
    })
}
