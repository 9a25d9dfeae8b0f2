//! Names in the expansion of an operation.

use super::call::names_contract;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// Names that the parts of the expansion share.
pub(super) struct Names<'a> {
    /// `$crate` of `otel_contract`.
    pub(super) krate: &'a TokenTree,
    /// The operation, as the user wrote it.
    pub(super) path: &'a TokenStream,
    /// The active operation. Hygienic, so that the user's tokens cannot refer to it.
    pub(super) op: Ident,
    pub(super) entry: Ident,
    pub(super) result: Ident,
    pub(super) value: Ident,
    /// A value that carries the return type of the function.
    pub(super) returned: Ident,
    /// The path of the contract's `__Attributes`: in the same module as the operation, or `Operation::Attributes` if
    /// the operation is imported by name.
    pub(super) attributes: Vec<TokenTree>,
}

impl<'a> Names<'a> {
    pub(super) fn of(krate: &'a TokenTree, path: &'a TokenStream) -> Self {
        let hygienic = |name| Ident::new(name, Span::mixed_site());
        Self {
            krate,
            path,
            op: hygienic("__op"),
            entry: hygienic("__entry"),
            result: hygienic("__result"),
            value: hygienic("__value"),
            returned: hygienic("__returned"),
            attributes: attributes_path(krate, path).into_iter().collect(),
        }
    }
}

fn attributes_path(krate: &TokenTree, path: &TokenStream) -> TokenStream {
    let path: Vec<TokenTree> = path.clone().into_iter().collect();
    match path.as_slice() {
        [prefix @ .., _] if names_contract(prefix) => quote! { #(#prefix)* __Attributes },
        _ => quote! { <<#(#path)* as #krate::__private::Operation>::Attributes> },
    }
}
