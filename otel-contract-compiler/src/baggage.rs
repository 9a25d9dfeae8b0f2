//! `Baggage` and `TraceContext`: attributes that the contract propagates with requests.

use super::docs;
use crate::location::ident;
use crate::messages::UNUSED_BAGGAGE;
use crate::setter::{Reserved, Setter};
use otel_contract_model::{Attribute, Contract, Domain, Type};
use proc_macro2::TokenStream;

pub(super) fn expand(contract: &Contract) -> TokenStream {
    let all = listed(contract);
    let declaration = declaration(contract, &all);
    let methods = methods(&all);
    let reserved = Reserved::in_tokens(&quote_located! { #declaration #methods });
    let setters = all.iter().map(|attribute| {
        let setter = Setter::of(attribute, &reserved);
        let (field, value) = (ident(&attribute.rust.snake), setter.value());
        let body = quote_located! {
            self.#field = #value;
            self
        };
        setter.method(
            &quote_located! { mut self },
            &quote_located! { Self },
            &body,
        )
    });
    let admits = all.iter().map(|attribute| {
        let (key, camel, parse) = (
            &attribute.key,
            ident(&attribute.rust.camel),
            parse(attribute),
        );
        quote_located! {
            #key => {
                let value: ::core::option::Option<#camel> = #parse;
                let value = __private::Attribute::into_value(value?);
                ::core::option::Option::Some(value.as_str().into_owned())
            }
        }
    });
    quote_located! {
        #declaration

        impl Baggage {
            #methods
            #(#setters)*
        }

        impl __private::propagation::ContractBaggage for Baggage {
            fn keys() -> ::std::borrow::Cow<'static, [&'static str]> {
                ::std::borrow::Cow::Borrowed(__CONTRACT.baggage.keys)
            }

            fn admit(key: &str, text: &str) -> ::core::option::Option<::std::string::String> {
                match key {
                    #(#admits)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        /// The current span context and this contract's [`Baggage`], to be stored in a job, an outbox row or a message.
        pub type TraceContext = __private::propagation::TraceContext<Baggage>;
    }
}

fn declaration(contract: &Contract, all: &[&Attribute]) -> TokenStream {
    let name = &contract.name;
    let about = if all.is_empty() {
        format!("Contract `{name}` propagates no attributes.")
    } else {
        let keys = all.iter().map(|attribute| attribute.key.as_str());
        let quoted = otel_contract_definition::names::quoted(keys);
        format!("Contract `{name}` propagates {quoted}.")
    };
    let fields = all.iter().map(|attribute| {
        let doc = docs::field(attribute);
        let (field, camel) = (ident(&attribute.rust.snake), ident(&attribute.rust.camel));
        quote_located! { #[doc = #doc] pub #field: ::core::option::Option<#camel>, }
    });
    quote_located! {
        /// Attributes that are propagated with requests and jobs as W3C Baggage: one process sets them, the next reads
        /// them. Every receiver can read them, so they are all public in the contract.
        ///
        /// Incoming values are checked against the contract; invalid values are dropped.
        ///
        #[doc = #about]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Baggage {
            #(#fields)*
        }
    }
}

/// Reads the field of an attribute from `context`.
fn read_field(attribute: &Attribute) -> TokenStream {
    let (field, key) = (ident(&attribute.rust.snake), &attribute.key);
    let parse = parse(attribute);
    quote_located! {
        #field: __private::propagation::read(context, #key).and_then(|text| {
            let text: &str = &text;
            #parse
        }),
    }
}

/// Adds the key and the text of a field to `texts`.
fn write_field(attribute: &Attribute) -> TokenStream {
    let (field, key) = (ident(&attribute.rust.snake), &attribute.key);
    quote_located! {
        if let ::core::option::Option::Some(value) = &self.#field {
            let value = __private::Attribute::into_value(::core::clone::Clone::clone(value));
            texts.push((#key, value.as_str().into_owned()));
        }
    }
}

/// Generates methods that do not set a value.
fn methods(all: &[&Attribute]) -> TokenStream {
    let reads = all.iter().map(|attribute| read_field(attribute));
    let writes = all.iter().map(|attribute| write_field(attribute));
    quote_located! {
        /// Creates baggage without values.
        #[must_use]
        pub fn new() -> Self {
            Self::default()
        }

        /// Returns the baggage of the current context: it arrived with the request or job, or was attached later.
        #[must_use]
        pub fn current() -> Self {
            Self::of(&__private::current_context())
        }

        /// Returns the baggage of a context.
        #[must_use]
        pub fn of(context: &__private::Context) -> Self {
            let _ = context;
            Self { #(#reads)* }
        }

        /// Returns the current context with this baggage, to run code in it. A field that is `None` leaves the
        /// value of the context unchanged.
        #[must_use]
        pub fn to_context(&self) -> __private::Context {
            __private::propagation::context_with(
                &__private::current_context(),
                &self.__texts(),
            )
        }

        /// Attaches this baggage to the current thread until the guard is dropped. For a future, use
        /// [`to_context`](Self::to_context) with `in_context`, because the guard is bound to its thread, and a future may
        /// be polled on other threads.
        #[must_use = #UNUSED_BAGGAGE]
        pub fn attach(&self) -> __private::Attached {
            __private::propagation::attach(&self.__texts())
        }

        fn __texts(&self) -> ::std::vec::Vec<(&'static str, ::std::string::String)> {
            let mut texts = ::std::vec::Vec::new();
            #(#writes)*
            texts
        }
    }
}

/// Attributes that the contract lists as baggage. A secret attribute is an error of the contract and has no type.
fn listed(contract: &Contract) -> Vec<&Attribute> {
    let all = contract.baggage.iter().map(|id| &contract[*id]);
    all.filter(|attribute| attribute.domain != Domain::Secret)
        .collect()
}

/// Generates the `BaggageDefinition` for the runtime.
pub(super) fn definition(contract: &Contract) -> TokenStream {
    let keys = listed(contract).into_iter().map(|attribute| &attribute.key);
    quote_located! {
        __private::BaggageDefinition {
            keys: &[#(#keys),*],
            admit: <Baggage as __private::propagation::ContractBaggage>::admit,
        }
    }
}

/// Generates an expression that parses the text of a value, as an `Option`.
fn parse(attribute: &Attribute) -> TokenStream {
    let camel = ident(&attribute.rust.camel);
    let parsed = |number: TokenStream| {
        quote_located! {
            text.parse::<#number>().ok().map(<#camel as ::core::convert::From<#number>>::from)
        }
    };
    match &attribute.domain {
        Domain::Strings { other: true, .. } => {
            quote_located! { ::core::option::Option::Some(#camel::from_str_or_other(text)) }
        }
        Domain::Strings { other: false, .. } => quote_located! { text.parse::<#camel>().ok() },
        Domain::Ints { .. } | Domain::Range { .. } => quote_located! {
            text.parse::<i64>().ok().and_then(|number| {
                <#camel as ::core::convert::TryFrom<i64>>::try_from(number).ok()
            })
        },
        Domain::Boolean | Domain::Unbounded(Type::Boolean) => parsed(quote_located! { bool }),
        Domain::Unbounded(Type::Int) => parsed(quote_located! { i64 }),
        Domain::Unbounded(Type::Double) => parsed(quote_located! { f64 }),
        // Incoming values count against the limit too.
        Domain::Limited { .. } => {
            quote_located! { ::core::option::Option::Some(#camel::capped(text)) }
        }
        Domain::Unbounded(Type::String) if attribute.newtype => {
            quote_located! { ::core::option::Option::Some(#camel::new(text)) }
        }
        Domain::Unbounded(Type::String) => {
            quote_located! { ::core::option::Option::Some(<#camel as ::core::convert::From<&str>>::from(text)) }
        }
        // A contract with errors. The errors are already reported.
        Domain::Unbounded(Type::Array(_)) | Domain::Secret => {
            quote_located! { { let _ = text; ::core::option::Option::None } }
        }
    }
}
