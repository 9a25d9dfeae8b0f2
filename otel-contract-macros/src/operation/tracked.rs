//! Functions with `#[track_caller]`. In a closure, the caller would be the line of the closure, so the body moves to a
//! second function.

use super::call::{Arguments, call_second_stage};
use super::function::{Function, braced};
use super::handover::Mode;
use super::outline::Outline;
use super::passing::Passing;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{GenericParam, Signature};

const LINTS: [&str; 6] = ["allow", "expect", "warn", "deny", "forbid", "cfg_attr"];

pub(super) fn instrument(function: &Function, arguments: &Arguments) -> TokenStream {
    let Function {
        outer,
        visibility,
        defaultness,
        signature,
        inner,
        body,
        ..
    } = function;
    let needs_impl = function.needs_impl();
    let mut caller = signature.clone();
    let names = name_parameters(&mut caller);
    let mut sibling = signature.clone();
    sibling.ident = format_ident!("__{}_tracked", signature.ident.unraw());
    let call = call_second_stage(
        arguments,
        &Outline::of(&caller),
        Mode::Direct,
        &Passing::default(),
        &braced(forward(&sibling, &names, needs_impl), Span::call_site()),
    );
    let lints = outer
        .iter()
        .filter(|attribute| LINTS.iter().any(|lint| attribute.path().is_ident(lint)));
    let content = body.stream();
    let sibling_body = braced(quote! { #(#inner)* #content }, body.span());
    let sibling = quote! {
        #(#lints)*
        #[doc(hidden)]
        #[track_caller]
        #[inline]
        #sibling #sibling_body
    };
    let (beside, nested) = if needs_impl {
        (Some(sibling), None)
    } else {
        (None, Some(sibling))
    };
    quote! {
        #(#outer)*
        #visibility #defaultness #caller {
            #nested
            #call
        }
        #beside
    }
}

/// Replaces the patterns of the parameters by plain names, and returns the names.
fn name_parameters(signature: &mut Signature) -> Vec<TokenStream> {
    let inputs = signature.inputs.iter_mut().enumerate();
    let names = inputs.map(|(index, input)| match input {
        syn::FnArg::Receiver(receiver) => {
            receiver.mutability = None;
            receiver.self_token.to_token_stream()
        }
        syn::FnArg::Typed(typed) => {
            let name = match &*typed.pat {
                syn::Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                    pat.ident.clone()
                }
                _ => format_ident!("__argument_{index}"),
            };
            *typed.pat = syn::Pat::Ident(syn::PatIdent {
                attrs: Vec::new(),
                by_ref: None,
                mutability: None,
                ident: name.clone(),
                subpat: None,
            });
            name.into_token_stream()
        }
    });
    names.collect()
}

/// Returns the call of the second function.
fn forward(sibling: &Signature, names: &[TokenStream], needs_impl: bool) -> TokenStream {
    let parameters = sibling.generics.params.iter();
    let generics: Vec<TokenStream> = parameters
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            GenericParam::Const(param) => Some(param.ident.to_token_stream()),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    // The generic arguments are explicit, because the function arguments may not determine them.
    let turbofish = (!generics.is_empty()).then(|| quote! { ::<#(#generics),*> });
    let path = needs_impl.then(|| quote! { Self:: });
    let name = &sibling.ident;
    let call = quote! { #path #name #turbofish (#(#names),*) };
    if matches!(sibling.safety, syn::Safety::Unsafe(_)) {
        quote! { unsafe { #call } }
    } else {
        call
    }
}
