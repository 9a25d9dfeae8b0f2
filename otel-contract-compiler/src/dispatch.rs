//! The macros of a contract that pass its definitions to the other macros.

use crate::constant;
use crate::location::ident;
use crate::tokens::dollar;
use otel_contract_definition::Wire as _;
use otel_contract_definition::items::DISPATCH;
use otel_contract_model::definitions::{self, contract_name};
use otel_contract_model::{Contract, Domain};
use proc_macro2::{TokenStream, TokenTree};

/// An arm of the dispatch macro, which passes a definition to the second stage of the other macros.
struct DispatchArm {
    /// The kind of request. `None` accepts any request: `#[derive(Attributes)]` can also use an operation.
    kind: Option<&'static str>,
    /// The Rust name of the operation, group or attribute.
    name: String,
    definition: String,
}

impl DispatchArm {
    fn all(contract: &Contract) -> Vec<Self> {
        let mut arms = Vec::new();
        for operation in &contract.operations {
            arms.push(Self {
                kind: None,
                name: operation.rust.camel.clone(),
                definition: definitions::of_operation(contract, operation).encode(),
            });
        }
        for group in &contract.groups {
            arms.push(Self {
                kind: Some("attributes"),
                name: group.rust.camel.clone(),
                definition: definitions::of_group(contract, group).encode(),
            });
        }
        for attribute in &contract.attributes {
            if attribute.domain != Domain::Secret {
                arms.push(Self {
                    kind: Some("attribute_value"),
                    name: attribute.rust.camel.clone(),
                    definition: definitions::of_attribute(contract, attribute).encode(),
                });
            }
        }
        arms
    }

    fn expand(&self, expand: &TokenStream, krate: &TokenTree) -> TokenStream {
        let dollar = dollar();
        let Self {
            kind,
            name,
            definition,
        } = self;
        let name = ident(name);
        let (pattern, kind) = match kind.map(ident) {
            Some(kind) => (quote_located! { #kind }, quote_located! { #kind }),
            None => (
                quote_located! { #dollar kind:ident },
                quote_located! { #dollar kind },
            ),
        };
        quote_located! {
            (#pattern #name #dollar (#dollar rest:tt)*) => {
                #expand { #krate #kind #definition #dollar (#dollar rest)* }
            };
        }
    }

    /// Generates a macro with the name of the operation, for users who import the operation by name.
    fn by_name(&self, expand: &TokenStream, krate: &TokenTree, contract: &Contract) -> TokenStream {
        let dollar = dollar();
        let Self {
            name, definition, ..
        } = self;
        let plain = ident(name);
        let exported = ident(&format!("__otel_contract_{}_{name}", contract.name));
        quote_located! {
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
    }
}

/// Generates the dispatch macro of the contract, a macro for each operation, and `constant!`.
pub(super) fn expand(contract: &Contract, krate: &TokenTree) -> TokenStream {
    let dollar = dollar();
    let expand = quote_located! { #krate::__private::__expand! };
    let all = DispatchArm::all(contract);
    let arms = all.iter().map(|arm| arm.expand(&expand, krate));
    let operations = all.iter().filter(|arm| arm.kind.is_none());
    let by_name = operations.map(|arm| arm.by_name(&expand, krate, contract));
    let index = definitions::index(contract).encode();
    let constants = constant::macros(contract, krate, &index);
    let exported = ident(&format!("__otel_contract_{}", contract.name));
    let dispatch = ident(DISPATCH);
    let name = contract_name(contract);
    quote_located! {
        #[doc = concat!("Passes the definitions of contract ", #name, " to the macros.")]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #exported {
            #(#arms)*
            (#dollar (#dollar rest:tt)*) => {
                #expand { #krate index #index #dollar (#dollar rest)* }
            };
        }
        #[doc(hidden)]
        pub use #exported as #dispatch;
        #(#by_name)*
        #constants
    }
}
