//! Every message of `contract!` and of the traits that it generates. Messages about the contract's file are in the model.
//!
//! The `macro_rules!` of `otel_contract` repeats the first message, for arguments that are not literals.

use crate::words::{self, takes_plain};
use otel_contract_definition::names::quoted;
use otel_contract_model::definitions::{self, contract_name};
use otel_contract_model::text::line;
use otel_contract_model::{
    Attribute, Contract, Diagnostic, Domain, ErrorClass, Location, Operation, Type,
};
use proc_macro2::TokenStream;
use quote::ToTokens;

// Messages of `contract!`.

pub(crate) fn no_path() -> String {
    "`contract!` expects the path of a contract file\n  = help: write it as a string, relative to the crate: `contract!(\"schema/billing.yaml\")`".to_owned()
}

pub(crate) fn escape_in_path() -> String {
    "the path of a contract file allows only the escapes `\\\\`, `\\\"` and `\\'`\n  = help: write the character itself".to_owned()
}

/// The macro was built without cargo.
pub(crate) fn no_manifest() -> String {
    "`contract!` needs the variable `CARGO_MANIFEST_DIR` to find the file\n  = help: build with cargo, or set the variable to the folder of the crate's manifest".to_owned()
}

/// Reports an error in the contract's file, without the word `error` that rustc adds.
pub(crate) fn in_contract(diagnostic: &Diagnostic) -> String {
    let text = diagnostic.to_string();
    let without_level = text.strip_prefix("error").unwrap_or(&text);
    // `[OC0107]: …`
    let code_and_text = without_level
        .strip_prefix('[')
        .and_then(|text| text.split_once("]: "));
    match code_and_text {
        Some((code, text)) => format!("{code}: {}", text.trim_end()),
        None => without_level.trim_end().to_owned(),
    }
}

/// Reports an attribute that is recorded as a hash, in a crate without the feature `hash`.
pub(crate) fn hash_without_feature(contract: &Contract, attribute: &Attribute) -> String {
    format!(
        "`{}` is recorded as a hash, and the feature `hash` of `otel-contract` is off\n  = help: add `\"hash\"` to the `features` of `otel-contract` in `Cargo.toml`, or protect the attribute with `mask` or `keep_last`\n  = note: {}",
        attribute.key,
        location(contract, &attribute.at),
    )
}

fn location(contract: &Contract, at: &Location) -> String {
    format!("contract {}, {at}", contract_name(contract))
}

// Messages of generated traits.

/// The `#[diagnostic::on_unimplemented]` of a generated trait.
pub(crate) struct Unimplemented {
    /// May contain `{Self}`.
    message: String,
    label: String,
    /// How to fix the error.
    fix: String,
    /// The line of the contract with the rule.
    note: String,
}

impl ToTokens for Unimplemented {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            message,
            label,
            fix,
            note,
        } = self;
        let (label, fix, note) = (escape(label), escape(fix), escape(note));
        tokens.extend(quote_located! {
            #[diagnostic::on_unimplemented(
                message = #message,
                label = #label,
                note = #fix,
                note = #note,
            )]
        });
    }
}

/// Escapes a text as a format string of one line, for `on_unimplemented`.
fn escape(text: &str) -> String {
    line(text).replace('{', "{{").replace('}', "}}")
}

/// Reports a value that the attribute does not accept.
pub(crate) fn not_a_value(contract: &Contract, attribute: &Attribute) -> Unimplemented {
    let key = escape(&attribute.key);
    let message = match attribute.domain {
        Domain::Limited { limit } if !takes_plain(contract, attribute) => {
            format!("`{{Self}}` is unbounded, and `{key}` is limited to {limit} values")
        }
        _ => format!("`{{Self}}` is not a value of `{key}`"),
    };
    Unimplemented {
        message,
        label: expected_value(contract, attribute),
        fix: conversion(contract, attribute),
        note: location(contract, &attribute.at),
    }
}

fn expected_value(contract: &Contract, attribute: &Attribute) -> String {
    let path = format!("`{}::{}`", contract.name, attribute.rust.camel);
    match &attribute.domain {
        Domain::Strings { .. } | Domain::Ints { .. } | Domain::Range { .. } => {
            let allowed = words::allowed(attribute).unwrap_or_default();
            format!("expected {path}: {allowed}")
        }
        Domain::Limited { .. } if !takes_plain(contract, attribute) => format!("expected {path}"),
        Domain::Unbounded(Type::String) if attribute.newtype => {
            format!("expected {path}, not a plain string")
        }
        Domain::Limited { .. } | Domain::Unbounded(Type::String) => {
            format!("expected a string or {path}")
        }
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => format!("expected `bool` or {path}"),
        Domain::Unbounded(Type::Int) => format!("expected an integer or {path}"),
        Domain::Unbounded(Type::Double) => format!("expected a floating-point number or {path}"),
        Domain::Unbounded(Type::Array(element)) => {
            let elements = definitions::elements(*element);
            format!("expected a slice, array or `Vec` of {elements}, or {path}")
        }
        Domain::Secret => String::new(),
    }
}

/// Describes how code converts its value into a value of the attribute.
fn conversion(contract: &Contract, attribute: &Attribute) -> String {
    let path = format!("{}::{}", contract.name, attribute.rust.camel);
    let in_field =
        format!("; in a struct that derives `Attributes`, give the field the type `{path}`");
    let with_option = |option: &str| {
        format!(
            "; in a struct that derives `Attributes`, write `#[attribute({}, {option})]`",
            attribute.key
        )
    };
    match &attribute.domain {
        Domain::Strings { other: true, .. } => format!(
            "parse it with `{path}::from_str_or_other`, or derive `AttributeValue` for your own enum"
        ),
        Domain::Strings { .. } => format!(
            "parse it with `value.parse::<{path}>()`, or derive `AttributeValue` for your own enum"
        ),
        Domain::Ints { .. } => format!("convert it with `{path}::try_from(value)`{in_field}"),
        Domain::Range { .. } => format!(
            "convert it with `{path}::new(value)`, which checks the range, or with `{path}::saturating(value)`{}",
            with_option("saturating")
        ),
        Domain::Limited { limit } if !takes_plain(contract, attribute) => format!(
            "convert it with `{path}::capped(text)`: the first {limit} values are recorded, later ones as `_OTHER`{}",
            with_option("capped")
        ),
        Domain::Unbounded(Type::String) if attribute.newtype => {
            format!("create it with `{path}::new(value)` where the value is known to be valid")
        }
        Domain::Limited { .. } | Domain::Boolean | Domain::Unbounded(_) | Domain::Secret => {
            "derive `AttributeValue` for your own type".to_owned()
        }
    }
}

/// Reports a value of the dimension `error.type` that is not an error class of the contract.
pub(crate) fn not_a_class(contract: &Contract) -> Unimplemented {
    let name = &contract.name;
    let classes: Vec<&str> = contract.errors.iter().map(|class| &*class.name).collect();
    let label = match classes.as_slice() {
        [] => format!("expected `{name}::ErrorType`"),
        classes => format!("expected `{name}::ErrorType`: {}", classes.join(", ")),
    };
    Unimplemented {
        message: format!("`{{Self}}` is not an error class of contract `{name}`"),
        label,
        fix: "for an error that derives `ErrorClass`, pass `error.error_class()`".to_owned(),
        note: file(contract),
    }
}

fn file(contract: &Contract) -> String {
    format!("contract {}, {}", contract_name(contract), contract.at.file)
}

/// Reports an operation that does not list an error class.
pub(crate) fn unlisted_class(contract: &Contract, class: &ErrorClass) -> Unimplemented {
    let name = &class.name;
    Unimplemented {
        message: format!(
            "operation `{{Self}}` does not list the error class `{}`",
            escape(name)
        ),
        label: format!("may fail with `{name}`"),
        fix: format!(
            "add `{name}` to the `errors` of the operation in the contract, or leave `errors` out, which allows any class; or map the error to a listed class with `err(|error| …)`"
        ),
        note: location(contract, &class.at),
    }
}

/// Reports an error type without a class.
pub(crate) fn no_class(contract: &Contract) -> Unimplemented {
    let name = &contract.name;
    Unimplemented {
        message: format!("`{{Self}}` has no error class of contract `{name}`"),
        label: "missing error class".to_owned(),
        fix: format!(
            "derive `ErrorClass` for an error type of your own with `#[error_class({name}, …)]`; a type of another crate cannot derive it: wrap it in your own, or add `err(|error| {})`",
            class(contract)
        ),
        note: file(contract),
    }
}

/// The inner error of a transparent error, without a class.
pub(crate) fn no_inner_class(contract: &Contract) -> Unimplemented {
    let name = &contract.name;
    Unimplemented {
        message: format!("`{{Self}}` has no error class of contract `{name}`"),
        label: "`transparent` takes the class of this error".to_owned(),
        fix: "write a class of the contract or `other` instead of `transparent`; or derive `ErrorClass` for the inner error, if it is a type of your own".to_owned(),
        note: file(contract),
    }
}

/// Returns the path of an error class of the contract, as written in Rust code.
fn class(contract: &Contract) -> String {
    let name = &contract.name;
    let first = contract.errors.first();
    let variant = first.map_or("Other", |error| &error.rust.camel);
    format!("{name}::ErrorType::{variant}")
}

/// An attribute that an operation does not have.
pub(crate) fn not_an_attribute(contract: &Contract) -> Unimplemented {
    Unimplemented {
        message: "`{Attribute}` is not an attribute of operation `{Self}`".to_owned(),
        label: "not an attribute of this operation".to_owned(),
        fix: "remove it, or add it to the `attributes` of the operation in the contract".to_owned(),
        note: file(contract),
    }
}

/// An attribute that a metric or an event does not have, or that is a field of its struct.
pub(crate) fn not_an_optional_attribute(contract: &Contract) -> Unimplemented {
    Unimplemented {
        message: "`{Attribute}` is not an optional attribute of `{Self}`".to_owned(),
        label: "not an optional attribute".to_owned(),
        fix: "if the attribute is required, set it as a field of the struct; otherwise remove the call, or add the attribute to the `attributes` of the metric or event in the contract".to_owned(),
        note: file(contract),
    }
}

/// An attribute that the sampler has already read when the handle sets it.
pub(crate) fn set_after_sampling(contract: &Contract) -> Unimplemented {
    Unimplemented {
        message: "the sampler reads this attribute, so it cannot be set after the start".to_owned(),
        label: "set too late".to_owned(),
        fix: "set it in the arguments of `#[instrumented_operation]`".to_owned(),
        note: file(contract),
    }
}

/// A secret attribute that a setter would record.
pub(crate) fn secret(contract: &Contract, attribute: &Attribute) -> Unimplemented {
    Unimplemented {
        message: format!("`{}` is secret and never recorded", escape(&attribute.key)),
        label: "secret".to_owned(),
        fix: "remove it: no attribute may contain this value".to_owned(),
        note: location(contract, &attribute.at),
    }
}

/// Reports an operation that requires attributes which a client layer does not know.
pub(crate) fn unknown_to_client_layer(
    contract: &Contract,
    operation: &Operation,
    unknown: &[&Attribute],
) -> Unimplemented {
    let keys = quoted(unknown.iter().map(|attribute| &*attribute.key));
    let it = if unknown.len() == 1 { "it" } else { "them" };
    let types: Vec<String> = unknown
        .iter()
        .map(|attribute| format!("`{}::{}`", contract.name, attribute.rust.camel))
        .collect();
    Unimplemented {
        message: escape(&format!(
            "operation `{}` requires {keys}, and the client layer does not know {it}",
            operation.name
        )),
        label: "cannot be recorded for each request".to_owned(),
        fix: format!(
            "make {keys} `recommended` in the contract, and add {it} to the extensions of the request, as {}",
            types.join(" and ")
        ),
        note: location(contract, &operation.at),
    }
}

/// Reports a value that is not the resource of the contract.
pub(crate) fn not_the_resource(contract: &Contract) -> Unimplemented {
    let name = &contract.name;
    Unimplemented {
        message: format!("`{{Self}}` is not the resource of contract `{name}`"),
        label: format!("expected `{name}::Resource`"),
        fix: format!("pass `{name}::Resource {{ … }}`"),
        note: location(contract, &contract.at),
    }
}

/// Reports a contract whose resource does not require the attributes that identify a service.
pub(crate) fn resource_without_identity(contract: &Contract, missing: &[&str]) -> Unimplemented {
    let keys = quoted(missing.iter().copied());
    let lines: Vec<String> = missing
        .iter()
        .map(|key| format!("{key}: required"))
        .collect();
    Unimplemented {
        message: format!(
            "contract `{}` does not require {keys} of its resource",
            contract.name
        ),
        label: "the set-up needs a resource that identifies the service".to_owned(),
        fix: format!(
            "add to the contract: `resource: {{ {} }}`",
            lines.join(", ")
        ),
        note: location(contract, &contract.at),
    }
}

// Notes of generated `#[must_use]`.

pub(crate) const UNUSED_EVENT: &str = "an event is recorded by `emit()`";
pub(crate) const UNUSED_BAGGAGE: &str = "the baggage is detached when the guard is dropped";

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn no_other_module_writes_a_message() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        sources(&source, &mut files);
        assert!(files.len() > 20, "the sources of the crate are found");
        let others = files.iter().filter(|file| !file.ends_with("messages.rs"));
        for file in others {
            let text = fs::read_to_string(file).expect("a source file");
            for part in ["on_unimplemented", "= help: ", "must_use = \""] {
                let name = file.display();
                assert!(
                    !text.contains(part),
                    "{name} writes a message with `{part}`"
                );
            }
        }
    }
}
