//! Syntax of the arguments of `#[instrumented_operation]`.

use super::{Diagnostic, syntax_error};
use otel_contract_definition::Definition;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// Options of `#[instrumented_operation]` besides attributes.
pub(crate) const OPTIONS: [&str; 6] = ["ends_at_return", "err", "link", "ok", "parent", "stream"];

/// Options that need a value or a mapping.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Ok,
    Err,
    Parent,
    Link,
}

impl Form {
    fn example(self) -> &'static str {
        match self {
            Self::Ok => "ok(|value| key = …)",
            Self::Err => "err(|error| class)",
            Self::Parent => "parent = …",
            Self::Link => "link = …",
        }
    }
}

pub(crate) fn duplicate_option(option: &Ident) -> syn::Error {
    syntax_error(
        option.span(),
        &format!("duplicate option `{option}`"),
        "remove one of them",
    )
}

pub(crate) fn conflicting_ends(option: &Ident) -> syn::Error {
    syntax_error(
        option.span(),
        "options `stream` and `ends_at_return` conflict",
        "keep one: the operation ends with the stream, or when the function returns",
    )
}

/// An option without its value or mapping.
pub(crate) fn bare_option(span: Span, form: Form) -> syn::Error {
    let (option, lacks) = match form {
        Form::Ok => ("ok", "a mapping"),
        Form::Err => ("err", "a mapping"),
        Form::Parent => ("parent", "a value"),
        Form::Link => ("link", "a value"),
    };
    syntax_error(
        span,
        &format!("option `{option}` needs {lacks}"),
        &format!("write `{}`", form.example()),
    )
}

pub(crate) fn mapping_bar(span: Span, form: Form) -> syn::Error {
    syntax_error(span, "expected `|`", &format!("write `{}`", form.example()))
}

pub(crate) fn mapping_end(span: Span) -> syn::Error {
    syn::Error::new(span, "expected `,` or the end of the mapping")
}

pub(crate) fn not_a_key(span: Span) -> syn::Error {
    syntax_error(
        span,
        "expected an attribute of the operation, such as `order.id = value`, or an option",
        "if the key contains characters other than letters, digits and `_`, write it as a string literal",
    )
}

pub(crate) fn key_with_hyphen(span: Span, start: &str) -> syn::Error {
    syntax_error(
        span,
        "a key with `-` must be a string literal",
        &format!("write `\"{start}-…\" = …`"),
    )
}

pub(crate) fn no_value(equals: Span) -> syn::Error {
    syntax_error(
        equals,
        "expected a value after `=`",
        "write a value, or remove the `=` to use the variable with the name of the key, `order_id` for `order.id`",
    )
}

/// The shorthand of a group whose name cannot be the name of a variable.
pub(crate) fn group_shorthand(span: Span, name: &str) -> syn::Error {
    syntax_error(
        span,
        &format!("`..{name}` needs a value: no variable can have this name"),
        &format!("write `..{name} = …`"),
    )
}

/// The shorthand of an attribute whose key cannot be the name of a variable.
pub(crate) fn attribute_shorthand(
    definition: &Definition,
    key: &TokenStream,
    is_literal: bool,
) -> Diagnostic {
    let key_text = &key.to_string().replace(' ', "");
    let message = if is_literal {
        format!("`{key_text}` needs a value")
    } else {
        format!("`{key_text}` needs a value: no variable can have this name")
    };
    Diagnostic::of_definition(definition, key, message).help(format!("write `{key_text} = …`"))
}

/// The token after an argument, in place of a comma.
#[derive(Clone, Copy)]
pub(crate) enum InsteadOfComma {
    DoubleColon,
    Colon,
    Parentheses,
    As,
    Braces,
    Other,
}

pub(crate) fn not_a_comma(span: Span, found: InsteadOfComma) -> syn::Error {
    let (message, help) = match found {
        InsteadOfComma::DoubleColon => (
            "the parts of a key are separated by dots",
            "write it as in the contract: `order.id`",
        ),
        InsteadOfComma::Colon => ("expected `=`, found `:`", "write `order.id = value`"),
        InsteadOfComma::Parentheses => (
            "unknown option with parentheses",
            "the options with parentheses are `ok(|value| …)` and `err(|error| …)`",
        ),
        InsteadOfComma::As => (
            "the handle must follow the operation",
            "write `billing::InvoiceCreate as op`",
        ),
        InsteadOfComma::Braces => (
            "attributes are arguments, not fields",
            "write `billing::InvoiceCreate, order.id = value`",
        ),
        InsteadOfComma::Other => {
            return syn::Error::new(span, "expected `,` between the arguments");
        }
    };
    syntax_error(span, message, help)
}

/// `?`, `return` and other ways out of the function in an argument of the attribute macro.
pub(crate) fn leaves_function(token: TokenStream) -> Diagnostic {
    let message = format!(
        "`{token}` is not allowed here: it would leave the function after the operation has started, and the operation would be recorded as cancelled"
    );
    Diagnostic::at(token, message)
        .help("pass an `Option`, or compute the value before the call and pass it as an argument")
}

/// A return type that is a type parameter of the function.
pub(crate) fn generic_return(definition: &Definition, returned: impl ToTokens) -> Diagnostic {
    let text = returned.to_token_stream().to_string().replace(' ', "");
    Diagnostic::at(
        returned,
        format!(
            "cannot tell from `{text}` whether operation `{}` failed",
            definition.name
        ),
    )
    .help(
        "add `err(|value| …)`, which returns `Some(class)` for a failure and `None` for a success",
    )
}

/// The warning about a return type such as `impl IntoResponse`, for an operation that lists error classes.
pub(crate) fn hidden_outcome(definition: &Definition, returned: &TokenStream) -> String {
    let Definition {
        contract, name, at, ..
    } = definition;
    format!(
        "operation `{name}` lists `errors`, but `{returned}` does not show whether the function failed, so every call is recorded as a success. Return a `Result`, or add `err(|value| …)`, which returns `Some(class)` for a failure and `None` for a success. Contract {contract}, {at}"
    )
}

/// A class that `err(…)` returns and the operation does not list.
pub(crate) fn unlisted_class(
    definition: &Definition,
    class: impl ToTokens,
    name: &str,
) -> Diagnostic {
    Diagnostic::of_definition(
        definition,
        class,
        format!(
            "operation `{}` does not list the error class `{name}`",
            definition.name
        ),
    )
    .help(format!(
        "add `{name}` to the `errors` of the operation in the contract, or return a listed class"
    ))
}
