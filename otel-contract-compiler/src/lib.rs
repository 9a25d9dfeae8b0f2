//! The proc macro `contract!`, which compiles a YAML file into a module. Use it through `otel_contract::contract!`.
//!
//! ```text
//! contract!("…yaml") → compile (in otel-contract-model) → module → types, traits with messages, and macros with
//!                                                                  the definitions for the other macros
//! ```
//!
//! This crate is separate from the other macros and does not depend on a parser for Rust, so that cargo can build both
//! crates at the same time.

#[macro_use]
mod location;

mod absent_setters;
mod attribute;
mod baggage;
mod builder;
mod constant;
mod description;
mod dispatch;
mod docs;
mod edge;
mod errors;
mod event;
mod group;
mod input;
mod keys;
mod messages;
mod metric;
mod operation;
mod providers;
mod rename;
mod resource;
mod routes;
mod setter;
mod tables;
mod testing;
mod tokens;
mod words;

use crate::input::Input;
use crate::location::ident;
use otel_contract_definition::editor::is_editor;
use otel_contract_model::definitions;
use otel_contract_model::{Attribute, Compiled, Contract, Domain, LifeCycle, Source};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Compiles a contract file into a module. Called through `otel_contract::contract!`.
#[doc(hidden)]
#[proc_macro]
pub fn contract(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

fn expand(input: TokenStream) -> TokenStream {
    let input = match Input::read(input) {
        Ok(input) => input,
        Err((span, message)) => return error(span, &message),
    };
    let Some(base) = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return error(input.span, &messages::no_manifest());
    };
    let (folder, path) = relative_to_workspace(&base, &input.path);
    let compiled = otel_contract_yaml::compile(&Source::file(&folder, &path));
    expand_compiled(&input, &base, &compiled)
}

/// Returns a folder and the path of the contract relative to that folder. Cargo starts rustc in the folder of the
/// workspace, so a terminal can open paths that are relative to it. For a crate outside of the workspace, returns the
/// crate's folder.
fn relative_to_workspace(base: &Path, path: &str) -> (PathBuf, String) {
    let workspace = std::env::current_dir().unwrap_or_default();
    let below = base.strip_prefix(&workspace).ok().and_then(Path::to_str);
    match below {
        Some(below) if !below.is_empty() => (workspace, format!("{below}/{path}")),
        _ => (base.to_owned(), path.to_owned()),
    }
}

fn error(span: Span, message: &str) -> TokenStream {
    quote_spanned! {span=> ::core::compile_error!(#message); }
}

fn expand_compiled(input: &Input, base: &Path, compiled: &Compiled) -> TokenStream {
    let span = input.span;
    let diagnostics = compiled.diagnostics.iter();
    let errors = diagnostics.map(|diagnostic| error(span, &messages::in_contract(diagnostic)));
    let tracked = compiled
        .files
        .iter()
        .filter(|file| file.is_file())
        .map(|file| track(file, base));
    let module = compiled.contract.as_ref().map(|contract| {
        location::with(span, || {
            if compiled.diagnostics.is_empty() {
                module(contract, &input.krate, span)
            } else {
                module(&without_clashes(contract.clone()), &input.krate, span)
            }
        })
    });
    quote_located! {
        #(#errors)*
        #(#tracked)*
        #module
    }
}

/// Prepares a contract with errors. Removes each operation and event whose handle or builder has the same name as
/// another item. The clash is already reported, and rustc would report the two items again.
fn without_clashes(mut contract: Contract) -> Contract {
    let mut names = HashSet::new();
    for attribute in &contract.attributes {
        names.insert(attribute.rust.camel.clone());
    }
    for group in &contract.groups {
        names.insert(group.rust.camel.clone());
    }
    for operation in &contract.operations {
        names.insert(operation.rust.camel.clone());
    }
    for event in &contract.events {
        names.insert(event.rust.camel.clone());
    }
    let before = contract.operations.len();
    contract.operations.retain(|operation| {
        let companions =
            ["Handle", "Builder"].map(|companion| format!("{}{companion}", operation.rust.camel));
        companions
            .iter()
            .all(|companion| !names.contains(companion))
    });
    contract.incomplete |= contract.operations.len() < before;
    let before = contract.events.len();
    contract
        .events
        .retain(|event| !names.contains(&format!("{}Builder", event.rust.camel)));
    contract.incomplete |= contract.events.len() < before;
    contract
}

/// Makes cargo rebuild the crate when the file changes.
fn track(file: &Path, base: &Path) -> TokenStream {
    match file.strip_prefix(base).ok().and_then(Path::to_str) {
        Some(relative) => quote_located! {
            const _: &[u8] = ::core::include_bytes!(
                ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #relative)
            );
        },
        None => {
            let file = file.to_string_lossy();
            quote_located! { const _: &[u8] = ::core::include_bytes!(#file); }
        }
    }
}

fn module(contract: &Contract, krate: &TokenTree, span: Span) -> TokenStream {
    // The name is not hygienic and is located at the path, so that the user can refer to the module.
    let name = Ident::new(&contract.name, span);
    let doc = docs::contract(contract);
    let all = contract.attributes.iter();
    let recorded = all.filter(|attribute| attribute.domain != Domain::Secret);
    let attributes = recorded.map(|attribute| attribute::expand(contract, attribute));
    let hidden = hidden_items(contract);
    let renamed = rename::expand(contract);
    let constants = constant::expand(contract);
    let groups = contract
        .groups
        .iter()
        .map(|group| group::expand(contract, group));
    let errors = errors::expand(contract);
    let operations = contract.operations.iter().enumerate();
    let operations =
        operations.map(|(index, operation)| operation::expand(contract, index, operation));
    let metrics = metric::expand(contract);
    let events = event::expand(contract);
    let resource = resource::expand(contract);
    let baggage = baggage::expand(contract);
    let description = description::expand(contract);
    let tables = tables::expand(contract);
    let testing = testing::expand(contract);
    let hash = require_hash(contract);
    let providers = providers::expand(contract);
    let edge = edge::expand(contract);
    let macros = dispatch::expand(contract, krate);
    let keys = is_editor().then(|| keys::expand(contract));
    let absent_setters = absent_setters::expand(contract);
    let allowed = has_deprecated(contract).then(|| quote_located! { #[allow(deprecated)] });
    quote_located! {
        #hash
        #[doc = #doc]
        #allowed
        pub mod #name {
            #[doc(hidden)]
            pub use #krate::__private;
            pub use #krate::{
                AttributeValue, Attributes, ErrorClass, instrumented_operation, propagation, protect,
                task,
            };

            pub use __private::shared::*;
            __private::stubs! {}

            #providers
            #edge
            #tables
            #(#attributes)*
            #renamed
            #constants
            #(#groups)*
            #errors
            #(#operations)*
            #metrics
            #events
            #resource
            #baggage
            #description
            #testing
            #keys

            #hidden
            #absent_setters
            #macros
        }
    }
}

/// Generates `__Attributes` and `__given`, which the other macros use.
fn hidden_items(contract: &Contract) -> TokenStream {
    let attributes = contract.attributes.iter();
    let recorded: Vec<&Attribute> = attributes
        .filter(|attribute| attribute.domain != Domain::Secret)
        .collect();
    let accepted = recorded
        .iter()
        .map(|attribute| attribute::accepted(contract, attribute));
    let accepted_classes = errors::accepted(contract);
    let hidden_setters = recorded
        .iter()
        .map(|attribute| attribute::hidden_setters(attribute));
    quote_located! {
        /// Hidden functions through which the macros pass values.
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct __Attributes;

        impl __Attributes {
            #(#hidden_setters)*

            pub fn failure<E: ErrorClass>(error: &E) -> __private::Failure {
                let failure = __private::Failure::from(error.error_class());
                match error.safe_description() {
                    ::core::option::Option::Some(text) => failure.with_description(text),
                    ::core::option::Option::None => failure,
                }
            }
        }

        impl<E: ErrorClass> __private::Classify<E> for __Attributes {
            fn classify(error: &E) -> __private::Failure {
                Self::failure(error)
            }
        }

        /// Traits of the values that each attribute accepts.
        #[doc(hidden)]
        pub mod __given {
            use super::__private;
            #(#accepted)*
            #accepted_classes
        }
    }
}

/// Whether generated code uses deprecated items. Only such code has an `allow`, because crates that forbid the lint
/// reject any `allow` of the lint.
fn has_deprecated(contract: &Contract) -> bool {
    let is_deprecated = |life_cycle: &LifeCycle| life_cycle.deprecated.is_some();
    let has_deprecated_value =
        |attribute: &Attribute| definitions::deprecated_values(attribute).next().is_some();
    let mut attributes = contract.attributes.iter();
    let mut errors = contract.errors.iter();
    let mut operations = contract.operations.iter();
    let mut metrics = contract.metrics.iter();
    let mut events = contract.events.iter();
    attributes.any(|item| is_deprecated(&item.life_cycle) || has_deprecated_value(item))
        || errors.any(|item| item.deprecated.is_some())
        || operations.any(|item| is_deprecated(&item.life_cycle))
        || metrics.any(|item| is_deprecated(&item.life_cycle))
        || events.any(|item| is_deprecated(&item.life_cycle))
}

/// Requires the runtime's feature `hash` if an attribute is recorded as a hash.
fn require_hash(contract: &Contract) -> Option<TokenStream> {
    use otel_contract_model::{Privacy, Protect};
    let hashed = |attribute: &&Attribute| attribute.privacy == Privacy::Personal(Protect::Hash);
    let attribute = contract.attributes.iter().find(hashed)?;
    let mut message = Literal::string(&messages::hash_without_feature(contract, attribute));
    message.set_span(location::current());
    let name = ident(&contract.name);
    Some(quote_located! { #name::__private::require_hash!(#message); })
}
