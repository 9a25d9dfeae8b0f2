//! Functions that `#[instrumented_operation]` cannot instrument.

use super::tracing::TracingOption;
use super::{Diagnostic, syntax_error};
use proc_macro2::Span;
use quote::ToTokens;
use syn::Ident;

pub(crate) fn without_body(name: &Ident) -> syn::Error {
    syntax_error(
        name.span(),
        "a function without a body cannot be instrumented",
        "put the attribute on the functions that implement it",
    )
}

pub(crate) fn not_a_function(error: &syn::Error) -> Diagnostic {
    let mut diagnostic = Diagnostic::at(
        proc_macro2::TokenStream::new(),
        "only a function can be instrumented",
    );
    (diagnostic.start, diagnostic.end) = (error.span(), error.span());
    diagnostic.help("put the attribute on the function that does the work")
}

pub(crate) fn const_fn(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        token,
        "a `const fn` cannot be instrumented: nothing can be recorded at compile time",
    )
    .help("remove `const`, or instrument the function that calls it")
}

pub(crate) fn variadic(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        token,
        "a variadic function cannot be instrumented: its arguments cannot be forwarded",
    )
    .help("instrument a function that it calls")
}

pub(crate) fn tracked_async(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        token,
        "`#[track_caller]` has no effect on an `async fn`: the caller is whoever polls it",
    )
    .help("remove `#[track_caller]`")
}

pub(crate) fn tracked_handle(handle: &Ident) -> Diagnostic {
    Diagnostic::at(
        handle,
        format!(
            "handle `{handle}` is not available under `#[track_caller]`, which moves the body to a second function"
        ),
    )
    .help("set the attributes at entry or in `ok(…)`, or remove `#[track_caller]`")
}

pub(crate) fn tracked_pattern(pattern: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        pattern,
        "parameters need plain names under `#[track_caller]`, which forwards them to a second function",
    )
    .help("name the parameter and destructure it in the body")
}

pub(crate) fn tracked_trait_method(attribute: impl ToTokens) -> Diagnostic {
    Diagnostic::at(
        attribute,
        "`#[track_caller]` is not supported on trait methods: the macro would have to add a second method",
    )
    .help("in an inherent impl, give the method a visibility, such as `pub(super)`, so that the macro can tell it from a trait method; on a trait method, remove `#[track_caller]`")
}

/// A handle that the body uses and the arguments do not declare.
pub(crate) fn forgotten_handle(handle: &Ident, path: &str) -> Diagnostic {
    Diagnostic::at(handle, format!("handle `{handle}` is not declared")).help(format!(
        "write `#[instrumented_operation({path} as {handle}, …)]`"
    ))
}

/// The attribute has no path of an operation.
pub(crate) fn no_operation() -> syn::Error {
    syntax_error(
        Span::call_site(),
        "missing path of the operation",
        "name it by its contract: `#[instrumented_operation(billing::InvoiceCreate)]`",
    )
}

pub(crate) fn operation_path(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "expected the path of an operation, such as `billing::InvoiceCreate`",
    )
}

/// A lower-case word where the path of the operation belongs.
pub(crate) fn attribute_first(word: &Ident) -> syn::Error {
    let help = if TracingOption::is_name(&word.to_string()) {
        "put the operation first, such as `billing::InvoiceCreate`; the options of `tracing::instrument` are not needed"
    } else {
        "put the operation first, such as `billing::InvoiceCreate`"
    };
    let message = format!("expected the path of an operation, found `{word}`");
    syntax_error(word.span(), &message, help)
}
