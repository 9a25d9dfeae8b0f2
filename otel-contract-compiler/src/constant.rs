//! `constant!`: values of attributes that are written as constants and checked at compile time.
//!
//! An exported macro can name the root of its crate, but not the module of the contract. The types are therefore found
//! through a trait: `ConstantValue<ATTRIBUTE, VALUE>` implements `Constant<RetryAttempt>`, where `ATTRIBUTE` is a hash
//! that identifies the attribute.

use crate::location::ident;
use crate::tokens::dollar;
use otel_contract_definition::Wire as _;
use otel_contract_model::definitions::{self, contract_name, deprecated_values};
use otel_contract_model::{Attribute, Contract, Domain, Type};
use proc_macro2::{Literal, TokenStream, TokenTree};

/// Generates the impls of `Constant` for every attribute that supports constants.
pub(super) fn expand(contract: &Contract) -> TokenStream {
    let mut impls = TokenStream::new();
    for attribute in &contract.attributes {
        let Some(value) = value(attribute) else {
            continue;
        };
        let (name, hash) = (ident(&attribute.rust.camel), hash(contract, attribute));
        impls.extend(quote_located! {
            #[diagnostic::do_not_recommend]
            impl<const VALUE: i64> __private::constant::Constant<#name>
                for __private::constant::ConstantValue<#hash, VALUE>
            {
                const VALUE: #name = #value;
            }
        });
    }
    impls
}

/// Returns the value for `VALUE`, which the macro has already checked. Returns `None` if the attribute does not support
/// constants.
fn value(attribute: &Attribute) -> Option<TokenStream> {
    let name = ident(&attribute.rust.camel);
    Some(match &attribute.domain {
        Domain::Strings { .. } | Domain::Ints { .. } => {
            quote_located! { #name::ALL[VALUE as usize] }
        }
        Domain::Range { .. } => quote_located! { #name::saturating(VALUE) },
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => quote_located! { #name(VALUE == 1) },
        Domain::Unbounded(Type::Int) => quote_located! { #name(VALUE) },
        Domain::Limited { .. } | Domain::Unbounded(_) | Domain::Secret => return None,
    })
}

/// Generates the macro. `index` is the encoded index of the contract, for errors about unknown names.
pub(super) fn macros(contract: &Contract, krate: &TokenTree, index: &str) -> TokenStream {
    let dollar = dollar();
    let expand = quote_located! { #krate::__private::__expand! };
    let constants = || {
        let attributes = contract.attributes.iter();
        attributes.filter(|attribute| value(attribute).is_some())
    };
    let arms = constants().map(|attribute| {
        let (name, hash) = (ident(&attribute.rust.camel), hash(contract, attribute));
        let definition = definitions::of_attribute(contract, attribute).encode();
        let old = deprecated_values(attribute).map(|(value, _, deprecated)| {
            let note = definitions::deprecation(deprecated);
            quote_located! { #value #note }
        });
        quote_located! {
            (#name #dollar (#dollar value:tt)*) => {
                #expand { #krate constant #definition #hash [#(#old)*] #dollar (#dollar value)* }
            };
        }
    });
    let exported = ident(&format!("__otel_contract_{}_constant", contract.name));
    let doc = doc(contract, constants().next());
    quote_located! {
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #exported {
            #(#arms)*
            (#dollar (#dollar rest:tt)*) => {
                #expand { #krate index #index constant #dollar (#dollar rest)* }
            };
        }
        #[doc = #doc]
        #[doc(inline)]
        pub use #exported as constant;
    }
}

fn doc(contract: &Contract, first: Option<&Attribute>) -> String {
    let summary = format!(
        "A value of an attribute of contract {}, written as a constant. A value that the contract does not \
        allow is a compile error, both in a function and in a `const` item.",
        contract_name(contract)
    );
    let supported = "Supports literals and constant expressions, for attributes with a closed set of values, a range, \
        integers or booleans.";
    let example = first.and_then(|attribute| {
        let value = match &attribute.domain {
            Domain::Strings { values, .. } => format!("{:?}", values.first()?.value),
            Domain::Ints { values } => values.first()?.value.to_string(),
            Domain::Range { max, .. } => max.to_string(),
            Domain::Boolean | Domain::Unbounded(Type::Boolean) => "true".to_owned(),
            Domain::Limited { .. } | Domain::Unbounded(_) | Domain::Secret => "1".to_owned(),
        };
        let (module, name) = (&contract.name, &attribute.rust.camel);
        Some(format!(
            "\n\n```text\n{module}::constant!({name}, {value})\n```"
        ))
    });
    format!("{summary}\n\n{supported}{}", example.unwrap_or_default())
}

/// Returns a hash that identifies an attribute within a program: FNV-1a of the crate, the contract and the key.
fn hash(contract: &Contract, attribute: &Attribute) -> Literal {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let parts = [
        variable("CARGO_PKG_NAME"),
        variable("CARGO_PKG_VERSION"),
        variable("CARGO_CRATE_NAME"),
        contract.name.clone(),
        attribute.key.clone(),
    ];
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Literal::u64_suffixed(hash)
}
