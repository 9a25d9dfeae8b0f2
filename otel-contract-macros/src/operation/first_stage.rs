//! First stage: expands the attribute on a function, without the contract. The first stage finds the path of the
//! operation and replaces the body by a call of the contract's macro. The signature survives any error.

use super::args;
use super::call::{Arguments, call_second_stage};
use super::function::{Function, braced, split_body, split_inner_attributes};
use super::handover::Mode;
use super::outline::Outline;
use super::parameters;
use super::passing::Passing;
use super::search::{Search, undeclared};
use super::tracked;
use crate::messages::{Diagnostic, functions as messages};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(expanded) = expand_by_tokens(&arguments, &item) {
        return expanded;
    }
    let function = match Function::read(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let diagnostic = unreadable(&item, error);
            return quote! { #diagnostic #item };
        }
    };
    let arguments = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let diagnostic = Diagnostic::from(error);
            return quote! { #diagnostic #item };
        }
    };
    if let Some(diagnostic) = refuse(&function, &arguments) {
        let Function {
            head, inner, body, ..
        } = &function;
        let body = args::without_handle(&arguments.rest, &body.stream());
        return quote! {
            #diagnostic
            #head { #(#inner)* #body }
        };
    }
    if function.track_caller().is_some() {
        tracked::instrument(&function, &arguments)
    } else {
        instrument(&function, &arguments)
    }
}

/// Expands a function whose signature can be read without a parser. Most functions are of this kind.
fn expand_by_tokens(arguments: &TokenStream, item: &TokenStream) -> Option<TokenStream> {
    let (head, body) = split_body(item.clone());
    let outline = Outline::read(&head)?;
    let arguments = syn::parse2::<Arguments>(arguments.clone()).ok()?;
    let (inner, body) = split_inner_attributes(body?).ok()?;
    let (head, call) = wrap(&head, &arguments, &outline, &body);
    let new_body = braced(quote! { #(#inner)* #call }, body.span());
    Some(quote! { #head #new_body })
}

fn instrument(function: &Function, arguments: &Arguments) -> TokenStream {
    let Function {
        head,
        signature,
        inner,
        body,
        ..
    } = function;
    let head: Vec<TokenTree> = head.clone().into_iter().collect();
    let (head, call) = wrap(&head, arguments, &Outline::of(signature), body);
    let new_body = braced(quote! { #(#inner)* #call }, body.span());
    quote! { #head #new_body }
}

/// Returns the signature of the wrapper, and the call of the second stage that becomes its body.
fn wrap(
    head: &[TokenTree],
    arguments: &Arguments,
    outline: &Outline,
    body: &Group,
) -> (TokenStream, TokenStream) {
    let forgotten = forgotten_handle(arguments, outline, body);
    let with_handle = forgotten
        .as_ref()
        .map(|handle| arguments.with_handle(handle));
    let arguments = with_handle.as_ref().unwrap_or(arguments);
    let diagnostic = forgotten.map(|handle| messages::forgotten_handle(&handle, &arguments.path()));
    let passing = Passing::of(
        &outline.parameters,
        outline.block(),
        &body.stream(),
        &arguments.rest,
    );
    let mode = if outline.is_async {
        Mode::Async
    } else {
        Mode::Any
    };
    let call = call_second_stage(arguments, outline, mode, &passing, body);
    // The call is a statement, because style lints expect a statement in a function that returns nothing.
    let semicolon = outline.returns_nothing().then(|| quote! { ; });
    let head = match passing.replaced {
        Some(list) => parameters::replace(head, list),
        None => head.iter().cloned().collect(),
    };
    (head, quote! { #diagnostic #call #semicolon })
}

/// The name of the handle in examples, and so the name that a body uses if `as op` was forgotten.
const HANDLE: &str = "op";

/// Returns the first use of a handle that the arguments do not declare. The source text is searched first, which is cheap.
fn forgotten_handle(arguments: &Arguments, outline: &Outline, body: &Group) -> Option<Ident> {
    if args::handle(&arguments.rest).is_some() {
        return None;
    }
    let text = body.span().source_text()?;
    let mut places = text.match_indices(HANDLE);
    let is_call = |(at, _): (usize, &str)| {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(is_word) && text[at + HANDLE.len()..].starts_with('.')
    };
    if !places.any(is_call) {
        return None;
    }
    let mut parameters = outline.parameters.iter();
    let is_parameter =
        parameters.any(|parameter| Search::of(vec![HANDLE.to_owned()]).any_in(&parameter.pattern));
    if is_parameter {
        return None;
    }
    undeclared(&body.stream(), HANDLE)
}

/// Returns the error for an item that cannot be read as a function.
fn unreadable(item: &TokenStream, error: syn::Error) -> Diagnostic {
    match syn::parse2::<syn::Item>(item.clone()) {
        // syn returns `Verbatim` for a function without a body, which has a separate message.
        Ok(syn::Item::Fn(_) | syn::Item::Verbatim(_)) | Err(_) => Diagnostic::from(error),
        Ok(_) => messages::not_a_function(&error),
    }
}

/// Functions that cannot be instrumented at all.
fn refuse(function: &Function, arguments: &Arguments) -> Option<Diagnostic> {
    let signature = &function.signature;
    if let Some(token) = &signature.constness {
        return Some(messages::const_fn(token));
    }
    if let Some(variadic) = &signature.variadic {
        return Some(messages::variadic(variadic));
    }
    let track_caller = function.track_caller()?;
    if let Some(token) = &signature.asyncness {
        return Some(messages::tracked_async(token));
    }
    if let Some(handle) = args::handle(&arguments.rest) {
        return Some(messages::tracked_handle(&handle));
    }
    let pattern = signature.inputs.iter().find_map(|input| match input {
        syn::FnArg::Typed(typed)
            if !matches!(*typed.pat, syn::Pat::Ident(_) | syn::Pat::Wild(_)) =>
        {
            Some(&typed.pat)
        }
        _ => None,
    });
    if let Some(pattern) = pattern {
        return Some(messages::tracked_pattern(pattern));
    }
    let is_private = matches!(function.visibility, syn::Visibility::Inherited);
    (function.needs_impl() && is_private).then(|| messages::tracked_trait_method(track_caller))
}
