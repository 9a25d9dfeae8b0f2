//! The proc macro `contract!`: a YAML file becomes a module. Use it through `otel_contract::contract!`.
//!
//! ```text
//! contract!("…yaml") → compile (the model) → module → types, traits with the messages, and macros that
//!                                                     carry definitions to the other macros
//! ```
//!
//! A crate of its own, beside the other macros and without a parser of Rust, so that both are built at once.

#[macro_use]
mod here;

mod attribute;
mod baggage;
mod constant;
mod description;
mod docs;
mod errors;
mod event;
mod group;
mod messages;
mod metric;
mod operation;
mod rename;
mod resource;
mod tables;
mod testing;
mod words;

use crate::here::ident;
use otel_contract_definition::Wire as _;
use otel_contract_definition::items::DISPATCH;
use otel_contract_model::definitions::{self, contract_name};
use otel_contract_model::{Attribute, Compiled, Contract, Domain, Source, text};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// `$crate "schema/billing.yaml"`: what `otel_contract::contract!` hands over.
struct Input {
    /// The `$crate` of `otel_contract`, which resolves from wherever it is pasted.
    krate: TokenTree,
    path: String,
    span: Span,
}

impl Input {
    /// Or where something else stands, and what to say about it.
    fn read(input: TokenStream) -> Result<Self, (Span, String)> {
        let mut tokens = input.into_iter();
        let (Some(mut krate), Some(mut path)) = (tokens.next(), tokens.next()) else {
            return Err((Span::call_site(), messages::no_path()));
        };
        // As a macro hands a literal on: in a group without delimiters.
        while let TokenTree::Group(group) = &path {
            let Some(inner) = group.stream().into_iter().next() else {
                return Err((group.span(), messages::no_path()));
            };
            path = inner;
        }
        let span = path.span();
        let literal = path.to_string();
        if !literal.starts_with(['"', 'r']) {
            return Err((span, messages::no_path()));
        }
        let path = unquoted(&literal).ok_or_else(|| (span, messages::escape_in_path()))?;
        krate.set_span(krate.span().located_at(span));
        Ok(Self { krate, path, span })
    }
}

/// The text of a string literal, plain or raw. `None`: it has an escape that no path needs.
fn unquoted(literal: &str) -> Option<String> {
    let quoted = |text: &str| text.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    if let Some(raw) = literal.strip_prefix('r') {
        return quoted(raw.trim_matches('#'));
    }
    let mut text = String::new();
    let inner = quoted(literal)?;
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => {
                let escaped = characters.next();
                escaped.filter(|escaped| matches!(escaped, '\\' | '"' | '\''))?
            }
            plain => plain,
        });
    }
    Some(text)
}

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
    let compiled = otel_contract_yaml::compile(&Source::file(&base, &input.path));
    expand_compiled(&input, &base, &compiled)
}

fn error(span: Span, message: &str) -> TokenStream {
    quote_spanned! {span=> ::core::compile_error!(#message); }
}

fn expand_compiled(input: &Input, base: &Path, compiled: &Compiled) -> TokenStream {
    let span = input.span;
    let faults = compiled.diagnostics.iter();
    let faults = faults.map(|one| error(span, &messages::fault(one)));
    let tracked = compiled
        .files
        .iter()
        .filter(|file| file.is_file())
        .map(|file| track(file, base));
    let module = compiled.contract.as_ref().map(|contract| {
        here::at(span, || {
            if compiled.diagnostics.is_empty() {
                module(contract, &input.krate, span)
            } else {
                module(&without_clashes(contract.clone()), &input.krate, span)
            }
        })
    });
    quote! {
        #(#faults)*
        #(#tracked)*
        #module
    }
}

/// A faulty contract without the operations and events whose handle or builder has the name of another item: the
/// clash is reported, and two items of one name would be reported again.
fn without_clashes(mut contract: Contract) -> Contract {
    let attributes = contract.attributes.iter().map(|one| &one.rust.camel);
    let groups = contract.groups.iter().map(|one| &one.rust.camel);
    let operations = contract.operations.iter().map(|one| &one.rust.camel);
    let events = contract.events.iter().map(|one| &one.rust.camel);
    let names: HashSet<String> = attributes
        .chain(groups)
        .chain(operations)
        .chain(events)
        .cloned()
        .collect();
    let before = contract.operations.len();
    contract.operations.retain(|one| {
        let companions =
            ["Handle", "Builder"].map(|companion| format!("{}{companion}", one.rust.camel));
        companions
            .iter()
            .all(|companion| !names.contains(companion))
    });
    contract.incomplete |= contract.operations.len() < before;
    let before = contract.events.len();
    contract
        .events
        .retain(|one| !names.contains(&format!("{}Builder", one.rust.camel)));
    contract.incomplete |= contract.events.len() < before;
    contract
}

/// Makes an edit of the file rebuild the crate.
fn track(file: &Path, base: &Path) -> TokenStream {
    match file.strip_prefix(base).ok().and_then(Path::to_str) {
        Some(relative) => quote! {
            const _: &[u8] = ::core::include_bytes!(
                ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #relative)
            );
        },
        None => {
            let file = file.to_string_lossy();
            quote! { const _: &[u8] = ::core::include_bytes!(#file); }
        }
    }
}

fn module(contract: &Contract, krate: &TokenTree, span: Span) -> TokenStream {
    // The module is the user's to see and to find, so it stands where the user wrote the path.
    let name = Ident::new(&contract.name, span);
    let doc = docs::contract(contract);
    let recorded = || {
        contract
            .attributes
            .iter()
            .filter(|one| one.domain != Domain::Secret)
    };
    let attributes = recorded().map(|one| attribute::expand(contract, one));
    let given = recorded().map(|one| attribute::given(contract, one));
    let given_class = errors::given(contract);
    let takes = recorded().map(attribute::take);
    let renamed = rename::expand(contract);
    let constants = constant::expand(contract);
    let groups = contract
        .groups
        .iter()
        .map(|group| group::expand(contract, group));
    let errors = errors::expand(contract);
    let operations = contract.operations.iter().enumerate();
    let operations = operations.map(|(index, one)| operation::expand(contract, index, one));
    let metrics = metric::expand(contract);
    let events = event::expand(contract);
    let resource = resource::expand(contract);
    let baggage = baggage::expand(contract);
    let description = description::expand(contract);
    let tables = tables::expand(contract);
    let testing = testing::expand(contract);
    let hash = require_hash(contract);
    let macros = macros(contract, krate);
    let allowed = has_deprecated(contract).then(|| quote! { #[allow(deprecated)] });
    quote! {
        #hash
        #[doc = #doc]
        #allowed
        pub mod #name {
            #[doc(hidden)]
            pub use #krate::__private;
            pub use #krate::{
                AttributeValue, Attributes, ErrorClass, Providers, instrumented_operation, propagation,
                protect, task,
            };

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

            /// Where the macros pass values through.
            #[doc(hidden)]
            #[derive(Debug)]
            pub struct __Attributes;

            impl __Attributes {
                #(#takes)*

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

            /// What may be given for each attribute.
            #[doc(hidden)]
            pub mod __given {
                use super::__private;
                #(#given)*
                #given_class
            }

            #macros
        }
    }
}

/// Whether generated code itself uses deprecated items. Nothing else is allowed in it: an `allow` is an error in crates
/// that forbid the lint.
fn has_deprecated(contract: &Contract) -> bool {
    let attributes = contract.attributes.iter();
    let values = |one: &Attribute| definitions::deprecated_values(one).next().is_some();
    attributes
        .clone()
        .any(|one| one.deprecated.is_some() || values(one))
        || contract.errors.iter().any(|one| one.deprecated.is_some())
        || contract
            .operations
            .iter()
            .any(|one| one.deprecated.is_some())
        || contract.metrics.iter().any(|one| one.deprecated.is_some())
        || contract.events.iter().any(|one| one.deprecated.is_some())
}

/// A contract that hashes needs the runtime's `hash` feature.
fn require_hash(contract: &Contract) -> Option<TokenStream> {
    use otel_contract_model::{Privacy, Protect};
    let hashed = |one: &&Attribute| one.privacy == Privacy::Personal(Protect::Hash);
    let one = contract.attributes.iter().find(hashed)?;
    let mut message = Literal::string(&messages::hash_without_feature(contract, one));
    message.set_span(here::here());
    let name = ident(&contract.name);
    Some(quote! { #name::__private::require_hash!(#message); })
}

/// The dispatch macro of the contract, and one macro per operation for those imported by name.
fn macros(contract: &Contract, krate: &TokenTree) -> TokenStream {
    let dollar = proc_macro2::Punct::new('$', proc_macro2::Spacing::Alone);
    let expand = quote! { #krate::__private::__expand! };
    // `kind` is left open where it may be either: an operation is also filled by `Attributes`.
    let arm = |kind: Option<&str>, name: &str, definition: String| {
        let name = ident(name);
        let kind = kind.map(ident);
        let (pattern, said) = match kind {
            Some(kind) => (quote! { #kind }, quote! { #kind }),
            None => (quote! { #dollar kind:ident }, quote! { #dollar kind }),
        };
        quote! {
            (#pattern #name #dollar (#dollar rest:tt)*) => {
                #expand { #krate #said #definition #dollar (#dollar rest)* }
            };
        }
    };
    let operations: Vec<(&String, String)> = contract
        .operations
        .iter()
        .map(|one| {
            (
                &one.rust.camel,
                definitions::of_operation(contract, one).encode(),
            )
        })
        .collect();
    let groups = contract.groups.iter().map(|one| {
        arm(
            Some("attributes"),
            &one.rust.camel,
            definitions::of_group(contract, one).encode(),
        )
    });
    let recorded = contract
        .attributes
        .iter()
        .filter(|one| one.domain != Domain::Secret);
    let attributes = recorded.map(|one| {
        arm(
            Some("attribute_value"),
            &one.rust.camel,
            definitions::of_attribute(contract, one).encode(),
        )
    });
    let arms = operations
        .iter()
        .map(|(name, definition)| arm(None, name, definition.clone()));
    let index = definitions::index(contract).encode();
    let dispatch = ident(&format!("__otel_contract_{}", contract.name));
    let by_name = operations.iter().map(|(name, definition)| {
        let plain = ident(name);
        let exported = ident(&format!("__otel_contract_{}_{name}", contract.name));
        quote! {
            #[doc(hidden)]
            #[macro_export]
            macro_rules! #exported {
                (#dollar (#dollar rest:tt)*) => {
                    #expand { #krate operation #definition #dollar (#dollar rest)* }
                };
            }
            #[doc(hidden)]
            pub use #exported as #plain;
        }
    });
    let constants = constant::macros(contract, krate, &index);
    let public = ident(DISPATCH);
    let contract = contract_name(contract);
    quote! {
        #[doc = concat!("Hands the definitions of contract ", #contract, " to the macros.")]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #dispatch {
            #(#arms)*
            #(#groups)*
            #(#attributes)*
            (#dollar (#dollar rest:tt)*) => {
                #expand { #krate index #index #dollar (#dollar rest)* }
            };
        }
        #[doc(hidden)]
        pub use #dispatch as #public;
        #(#by_name)*
        #constants
    }
}

/// `Some(…)` or `None`, in tokens.
fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}

/// `#[deprecated]`, where the contract says so.
fn deprecated(deprecated: Option<&otel_contract_model::Deprecated>) -> Option<TokenStream> {
    let note = definitions::deprecation(deprecated?);
    let markdown = text::rustdoc::text(&note);
    if markdown == note {
        return Some(quote! { #[deprecated(note = #note)] });
    }
    // rustc prints the note as it is, and rustdoc reads it as Markdown.
    Some(quote! {
        #[cfg_attr(not(doc), deprecated(note = #note))]
        #[cfg_attr(doc, deprecated(note = #markdown))]
    })
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn a_path_is_read_off_plain_and_raw_strings() {
        for (literal, path) in [
            (r#""a/b.yaml""#, Some("a/b.yaml")),
            (r#""a\\b.yaml""#, Some(r"a\b.yaml")),
            (r#""it's \"it\".yaml""#, Some(r#"it's "it".yaml"#)),
            (r#"r"a\b.yaml""#, Some(r"a\b.yaml")),
            (r###"r##"a"#b"##"###, Some(r##"a"#b"##)),
            (r##"r#"#a"#"##, Some("#a")),
            (r#""\u{62}.yaml""#, None),
            (r#""a\n""#, None),
        ] {
            assert_eq!(unquoted(literal).as_deref(), path, "{literal}");
        }
    }
}
