//! Errors of the derives.

use super::literals::allowed_values;
use super::{Diagnostic, syntax_error};
use otel_contract_definition::names::{nearest, quoted};
use otel_contract_definition::{Definition, Index, Values};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

pub(crate) fn no_attribute(name: &Ident, attribute: &str, example: &str) -> Diagnostic {
    Diagnostic::at(name, format!("missing `#[{attribute}(…)]` on `{name}`"))
        .help(format!("add `#[{attribute}({example})]`"))
}

pub(crate) fn duplicate_attribute(attribute: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::at(attribute, format!("duplicate `#[{name}(…)]`")).help("remove one of them")
}

pub(crate) fn not_a_path(tokens: impl ToTokens, attribute: &str, example: &str) -> Diagnostic {
    Diagnostic::at(
        tokens,
        format!("`#[{attribute}(…)]` expects a path into the contract"),
    )
    .help(format!("write `#[{attribute}({example})]`"))
}

/// A path without the module of a contract.
pub(crate) fn no_contract(path: impl ToTokens, name: &Ident, example: &str) -> Diagnostic {
    Diagnostic::at(path, format!("`{name}` is not a path into a contract")).help(format!(
        "write the contract's module before it, as in `{example}`"
    ))
}

pub(crate) fn option_of_another_derive(
    option: &Ident,
    attribute: &str,
    example: &str,
) -> Diagnostic {
    Diagnostic::at(option, format!("`{attribute}` has no option `{option}`")).help(format!(
        "remove `{option}`: the attribute contains only a path, as in `#[{attribute}({example})]`"
    ))
}

/// An option of `#[attribute_value(…)]` that does not exist.
pub(crate) fn unknown_value_option(option: &Ident) -> Diagnostic {
    Diagnostic::at(option, format!("unknown option `{option}`")).help("the only option is `capped`")
}

// Messages of `AttributeValue`.

pub(crate) fn capped_enum(option: &Ident) -> Diagnostic {
    Diagnostic::at(
        option,
        "`capped` cannot be used on an enum: the variants of an enum are its only values",
    )
    .help("remove `capped`")
}

pub(crate) fn value_of_union(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(token, "`AttributeValue` cannot be derived for a union")
}

pub(crate) fn value_of_several_fields(name: &Ident, fields: usize) -> Diagnostic {
    Diagnostic::at(
        name,
        format!("`AttributeValue` needs one field, and `{name}` has {fields}"),
    )
    .help("derive `AttributeValue` on a struct with one field, or implement it by hand")
}

/// An enum for an attribute whose values are not listed.
pub(crate) fn value_not_closed(definition: &Definition, name: &Ident) -> Diagnostic {
    Diagnostic::of_definition(
        definition,
        name,
        format!(
            "an enum cannot be a value of `{}`, which is not a closed set of strings or integers",
            definition.name
        ),
    )
    .help("derive `AttributeValue` on a struct with one field, whose value is recorded")
}

/// Values that no variant maps to.
pub(crate) fn missing_variants(
    definition: &Definition,
    name: impl ToTokens,
    missing: &[&str],
) -> Diagnostic {
    let text = name.to_token_stream().to_string();
    Diagnostic::of_definition(
        definition,
        name,
        format!(
            "`{text}` has no variant for {} of `{}`",
            quoted(missing.iter().copied()),
            definition.name
        ),
    )
    .help("add a variant for each missing value, or map an existing variant to it with `#[attribute_value(\"…\")]`")
}

/// A variant that maps to no value. `fix` is the help, if it is more specific than the list of values.
pub(crate) fn unknown_variant(
    definition: &Definition,
    variant: impl ToTokens,
    value: &str,
    values: &[&str],
    fix: Option<String>,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::of_definition(
        definition,
        variant,
        format!("`{value}` is not a value of `{}`", definition.name),
    );
    diagnostic.help.extend(fix);
    let closed = definition
        .attributes
        .first()
        .map(|attribute| &attribute.values);
    let written = |value: &str| match closed {
        Some(Values::Ints(_)) => value.to_owned(),
        _ => format!("\"{value}\""),
    };
    let suggestion = match nearest(value, values.iter().copied()) {
        Some(near) => format!("did you mean `#[attribute_value({})]`?", written(near)),
        None => allowed_values(values),
    };
    diagnostic.help(suggestion).help(format!(
        "map the variant to an allowed value with `#[attribute_value({})]`",
        written("…")
    ))
}

pub(crate) fn duplicate_variant(
    definition: &Definition,
    variant: impl ToTokens,
    value: &str,
) -> Diagnostic {
    Diagnostic::of_definition(
        definition,
        variant,
        format!("two variants map to `{value}` of `{}`", definition.name),
    )
    .help("remove one, or map it to another value")
}

pub(crate) fn no_other_value(definition: &Definition, variant: impl ToTokens) -> Diagnostic {
    Diagnostic::of_definition(
        definition,
        variant,
        format!("`{}` does not allow `other`", definition.name),
    )
    .help("map the variant to a value, or set `other: true` on the attribute in the contract")
}

/// A word where a string literal belongs.
pub(crate) fn unquoted_value(word: &Ident) -> Diagnostic {
    Diagnostic::at(
        word,
        format!("expected a string literal or `other`, found `{word}`"),
    )
    .help(format!("write `#[attribute_value(\"{word}\")]`"))
}

// Messages of `ErrorClass`.

pub(crate) fn no_contract_of_classes(name: &Ident, is_struct: bool) -> Diagnostic {
    let help = if is_struct {
        "add `#[error_class(billing, gateway_timeout)]`, where `billing` is the module of the contract and `gateway_timeout` the error class"
    } else {
        "add `#[error_class(billing)]`, where `billing` is the module of the contract"
    };
    Diagnostic::at(name, format!("missing `#[error_class(…)]` on `{name}`")).help(help)
}

/// A struct whose attribute has only a path, which may be the contract or the class.
pub(crate) fn no_class_of_struct(
    path: impl ToTokens,
    name: &Ident,
    parts: &[&Ident],
) -> Diagnostic {
    let text = path.to_token_stream().to_string().replace(' ', "");
    let diagnostic = Diagnostic::at(
        path,
        format!("`{name}` needs the contract and an error class"),
    );
    let is_class = |contract: &str, class: &Ident| {
        format!(
            "if `{class}` is the class, write the contract first: `#[error_class({contract}, {class})]`"
        )
    };
    let diagnostic = match parts {
        [class] => diagnostic.help(is_class("billing", class)),
        [contract @ .., class] => diagnostic.help(is_class(&joined(contract), class)),
        [] => diagnostic,
    };
    diagnostic.help(format!(
        "if `{text}` is the contract, add a class: `#[error_class({text}, gateway_timeout)]`"
    ))
}

fn joined(parts: &[&Ident]) -> String {
    let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
    parts.join("::")
}

/// A class without the contract before it.
pub(crate) fn class_before_contract(class: &syn::LitStr, name: &str) -> syn::Error {
    syntax_error(
        class.span(),
        "expected the contract's module before the error class",
        &format!("write the contract first: `#[error_class(billing, \"{name}\")]`"),
    )
}

/// `billing::ErrorType::NotFound` in place of the contract and the class.
pub(crate) fn variant_as_contract(
    path: impl ToTokens,
    contract: &[&Ident],
    class: &str,
) -> Diagnostic {
    let contract = match contract {
        [] => "billing".to_owned(),
        contract => joined(contract),
    };
    Diagnostic::at(path, "expected the contract's module, found an error class").help(format!(
        "write the contract, then the name of the class: `#[error_class({contract}, {class})]`"
    ))
}

/// A path in place of the name of a class.
pub(crate) fn path_of_class(path: impl ToTokens, class: &str) -> syn::Error {
    syn::Error::new_spanned(
        path,
        format!(
            "expected the name of an error class, found a path\n  = help: write `{class}`: the contract is named on the type"
        ),
    )
}

/// The contract before the class of a variant.
pub(crate) fn contract_of_variant(
    index: &Index,
    tokens: impl ToTokens,
    contract: &str,
    class: &Ident,
) -> Diagnostic {
    Diagnostic::at(
        tokens,
        format!("expected an error class, found `{contract}`: the contract is named on the enum"),
    )
    .help(format!("write `#[error_class({class})]`"))
    .note(&index.contract, &index.at)
}

/// An enum none of whose variants has a class. The user may have meant the path on the enum as the class.
pub(crate) fn no_class_of_variants(path: impl ToTokens, name: &Ident) -> Diagnostic {
    Diagnostic::at(path, format!("no variant of `{name}` has an error class"))
        .help("put `#[error_class(…)]` with a class on each variant; the attribute of the enum names the contract: `#[error_class(billing)]`")
}

pub(crate) fn no_class_of_variant(variant: &Ident) -> Diagnostic {
    Diagnostic::at(variant, format!("missing error class of `{variant}`"))
        .help("add `#[error_class(…)]` with a class of the contract, `transparent` or `other`")
}

pub(crate) fn class_of_enum(class: impl ToTokens) -> Diagnostic {
    Diagnostic::at(class, "each variant of an enum has its own error class")
        .help("put `#[error_class(…)]` on the variants")
}

pub(crate) fn class_of_union(token: impl ToTokens) -> Diagnostic {
    Diagnostic::at(token, "`ErrorClass` cannot be derived for a union")
}

pub(crate) fn unknown_class_option(option: &Ident) -> Diagnostic {
    Diagnostic::from(syntax_error(
        option.span(),
        &format!("unknown option `{option}`"),
        "the only option is `describe`, which records the text of the error on the span: use it only if the text contains no personal or secret data",
    ))
}

/// `transparent` on several fields, none of which is marked.
pub(crate) fn no_inner_error(name: &Ident) -> Diagnostic {
    Diagnostic::at(
        name,
        format!("cannot tell which field of `{name}` is the inner error"),
    )
    .help("keep one field, or mark the inner error with `#[source]`")
}

/// Generates `#[diagnostic::on_unimplemented]` for the trait of the operations that list all classes of an error type.
pub(crate) fn unlisted_classes(index: &Index, error: &Ident, names: &[&str]) -> TokenStream {
    let classes = braces(&quoted(names.iter().copied()));
    let message = format!("operation `{{Self}}` does not list all error classes of `{error}`");
    let label = format!("may fail with {classes}");
    let fix = format!(
        "the `errors` of the operation in the contract must list {classes}; an operation without `errors` may fail with any class: leave `errors` out until all classes are known"
    );
    let note = braces(&format!("contract {}, {}", index.contract, index.at));
    quote! {
        #[diagnostic::on_unimplemented(
            message = #message,
            label = #label,
            note = #fix,
            note = "or map the error to a listed class with `err(|error| …)`",
            note = #note,
        )]
    }
}

/// Escapes the braces of a text in `on_unimplemented`.
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
